// SPDX-License-Identifier: Apache-2.0
// Paths that follow peers, on a fake card: what is written, asked, kept and told.
#include "sapulse/peer_follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "asking_card.h"
#include "folder.h"
#include "moved_peer.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr std::uint32_t kSpi = 0x1234;

class PeerFollowerTest : public testing::Test {
 protected:
  void SetUp() override {
    open();
    number_ = *endpoint_->sas().add(sa_);
  }
  void TearDown() override {
    EXPECT_TRUE(endpoint_->close());
    EXPECT_THAT(device_.violations, IsEmpty());
  }
  void open() {
    Config config;
    config.card.local = {sa_.local};
    EndpointOptions options;
    options.state = folder_.state();
    options.follower.probe_interval = 1ms;
    endpoint_.reset();
    auto opened = Endpoint::open(device_, config, options);
    ASSERT_TRUE(opened) << opened.error().message;
    endpoint_ = std::move(*opened);
    endpoint_->follower().set_handler([this](const PeerMove& move) { moves_.push_back(move); });
  }

  Exception from_elsewhere(std::uint8_t message) {
    return moved_peer(*endpoint_->sas().find(kSpi), elsewhere_, message, device_.now());
  }
  void tell(const Exception& exception) {
    const auto taken = endpoint_->follower().handle(exception);
    ASSERT_TRUE(taken) << taken.error().message;
    EXPECT_TRUE(*taken);
  }

  /// Destination of the path that the card has now.
  [[nodiscard]] IpAddress destination() const {
    const auto& written = device_.requester.paths.at(number_);
    const regs::ConstPathWrite path{
        std::span<const std::byte, regs::kCommandBytes>(written.data(), regs::kCommandBytes)};
    IpAddress::Bytes bytes{};
    std::ranges::transform(path.destination(), bytes.begin(),
                           [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
    return IpAddress::from_bytes(bytes);
  }

  const Folder folder_;
  FakeDevice device_{64, 0, FakeDevice::kAll};
  SaParameters sa_ = make_peer(kSpi);
  Place elsewhere_ = [this] {
    Place place{.peer = IpAddress::v4(0xc0000263), .path = *sa_.path};
    place.path.peer_mac = *MacAddress::parse("02:aa:bb:cc:dd:99");
    place.path.tags = {{.tpid = 0x8100, .tci = 7}};
    place.path.encapsulation = Encapsulation::udp;
    place.path.peer_port = 1025;
    return place;
  }();
  std::uint32_t number_ = 0;
  std::unique_ptr<Endpoint> endpoint_;
  std::vector<PeerMove> moves_;
};

TEST_F(PeerFollowerTest, ReplyMovesThePathForGood) {
  ASSERT_TRUE(endpoint_->monitor().watch(kSpi, {}));
  tell(from_elsewhere(wire::type_echo_reply));
  EXPECT_EQ(destination(), elsewhere_.peer);
  ASSERT_EQ(moves_.size(), 1U);
  EXPECT_EQ(moves_[0].spi_in, kSpi);
  EXPECT_EQ(moves_[0].from, (Place{.peer = sa_.peer, .path = *sa_.path}));
  EXPECT_EQ(moves_[0].to, elsewhere_);
  EXPECT_EQ(to_line(moves_[0]),
            "SA '" + sa_.name + "' (0x00001234): peer moved from " + sa_.peer.to_string() + " to 192.0.2.99 port 1025");
  const SaInfo info = *endpoint_->sas().find(kSpi);
  EXPECT_EQ(info.peer, elsewhere_.peer);
  EXPECT_EQ(info.path, elsewhere_.path);
  EXPECT_TRUE(device_.requester.pings.empty());

  tell(from_elsewhere(wire::type_echo_reply));
  EXPECT_EQ(moves_.size(), 1U) << "told before the path followed";

  ASSERT_TRUE(endpoint_->close());
  open();
  EXPECT_EQ(endpoint_->sas().find(kSpi)->peer, elsewhere_.peer) << "of the next life";
  EXPECT_EQ(endpoint_->sas().find(kSpi)->path, elsewhere_.path);
}

TEST_F(PeerFollowerTest, RequestStartsOnePingToThereAndMovesNothing) {
  std::vector<IpAddress> pinged;
  device_.requester.answer = [&](const FakePing&) {
    pinged.push_back(destination());
    return std::nullopt;
  };
  tell(from_elsewhere(wire::type_echo_request));
  EXPECT_THAT(pinged, testing::ElementsAre(elsewhere_.peer));
  EXPECT_EQ(destination(), sa_.peer);
  EXPECT_THAT(moves_, IsEmpty());
  tell(from_elsewhere(wire::type_echo_request));
  EXPECT_EQ(pinged.size(), 1U) << "one in an interval";
  EXPECT_EQ(endpoint_->follower().counts().limited, 1U);
  device_.advance(1'000'001);
  tell(from_elsewhere(wire::type_echo_request));
  EXPECT_EQ(pinged.size(), 2U);
  EXPECT_EQ(endpoint_->sas().find(kSpi)->peer, sa_.peer);
  // Its reply, which comes from there.
  tell(from_elsewhere(wire::type_echo_reply));
  EXPECT_EQ(destination(), elsewhere_.peer);
}

TEST_F(PeerFollowerTest, NoPathLeadsToWhereNoneCan) {
  const auto refused = [&](const std::function<void(Exception&)>& change) {
    Exception exception = from_elsewhere(wire::type_echo_reply);
    change(exception);
    tell(exception);
    return endpoint_->follower().counts().refused;
  };
  EXPECT_EQ(refused([](Exception& e) { e.spi = kSpi + 1; }), 1U) << "of the SA that had the number before";
  EXPECT_EQ(refused([](Exception& e) { e.sa = 7; }), 2U);
  EXPECT_EQ(refused([](Exception& e) { e.snapshot.pop_back(); }), 3U);
  EXPECT_EQ(refused([](Exception& e) { e.snapshot[6] = e.snapshot[7] = 0; }), 4U) << "UDP port 0";
  EXPECT_EQ(refused([](Exception& e) { e.snapshot[48] = 0x20; }), 5U) << "another IP version than the SA's";
  EXPECT_THAT(moves_, IsEmpty());
  EXPECT_EQ(destination(), sa_.peer);
  EXPECT_FALSE(*endpoint_->follower().handle(Exception{}));
}

}  // namespace
}  // namespace sapulse::test
