// SPDX-License-Identifier: Apache-2.0
// Probing goes on while the kernel's SAs are paired and compared, which takes long where there are very many.
#include <gmock/gmock.h>

#include "asking_card.h"
#include "follower.h"
#include "held_work.h"

namespace sapulse::kernel::test {
namespace {

using namespace std::chrono_literals;
using sapulse::test::FakeDevice;
using sapulse::test::HeldWork;

constexpr std::uint32_t kWatched = 300;

class HeldPairing : public testing::Test {
 protected:
  void SetUp() override {
    Config config;
    config.card.local = {IpAddress::v4(0xc0000201)};
    config.sas = {sapulse::test::make_peer(kWatched)};
    config.sas[0].liveness = LivenessSettings{.mode = ProbeMode::host, .interval = 10us, .multiplier = 3};
    auto opened = Endpoint::open(device_, config);
    ASSERT_TRUE(opened) << opened.error().message;
    endpoint_ = std::move(*opened);
    endpoint_->monitor().set_handler([this](const LivenessChange& change) {
      if (change.to != Liveness::up) faults_.push_back(to_line(change));
    });
  }
  void TearDown() override {
    endpoint_.reset();
    EXPECT_THAT(device_.violations, testing::IsEmpty());
  }

  FakeDevice device_{2048, 0, FakeDevice::kAll};
  HeldWork pairing_{device_};
  std::vector<std::string> faults_;
  std::unique_ptr<Endpoint> endpoint_;
};

TEST_F(HeldPairing, ProbesGoOn) {
  EndpointTarget target(*endpoint_);
  Follower follower(target, {});
  const auto done = follower.update(
      [&] {
        pairing_.hold();
        return KernelPairs{};
      },
      std::chrono::steady_clock::now());
  EXPECT_TRUE(done) << done.error().message;
  EXPECT_TRUE(pairing_.was_probed());
  EXPECT_THAT(faults_, testing::IsEmpty());
  EXPECT_EQ(endpoint_->sas().size(), 0U) << "the kernel has none";
}

TEST_F(HeldPairing, ProbesGoOnBetweenShortChanges) {
  EndpointTarget target(*endpoint_);
  const std::size_t before = device_.requester.pings.size();
  for (unsigned i = 0; i < 100; ++i) {
    ASSERT_TRUE(endpoint_->wait(1us));  // a tenth of the interval
    target.take_turn();
  }
  EXPECT_GE(device_.requester.pings.size(), before + 3);
}

}  // namespace
}  // namespace sapulse::kernel::test
