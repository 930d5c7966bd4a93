// SPDX-License-Identifier: Apache-2.0
// A software card in the time of the system: it answers and asks by itself, sleeps otherwise, and outlives its
// interface.
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "patience.h"
#include "sapulse/capabilities.h"
#include "sapulse/endpoint.h"
#include "sapulse/net_device.h"
#include "support/convert.h"
#include "support/packet_port.h"
#include "support/seed.h"
#include "traffic/generator.h"
#include "traffic/reference.h"
#include "traffic/requester.h"
#include "veth.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::uint64_t kPreset = 815;
constexpr unsigned kSas = 4;
constexpr unsigned kMostSas = 1024;
const MacAddress kOwnMac({0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0x01});
const MacAddress kPeerMac({0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0x02});

class RealTimeTest : public testing::Test {
 protected:
  /// A card that knows the SAs; `liveness`: asks on each.
  void open(const std::optional<LivenessSettings>& liveness = std::nullopt) {
    device_ = must(NetDevice::open({.line = "line",
                                    .sa_capacity = kMostSas,
                                    .report =
                                        [this](const std::string& line) {
                                          const std::scoped_lock lock(mutex_);
                                          reports_.push_back(line);
                                        }}),
                   "software card");
    Config config = must(parse_config(traffic::to_yaml(config_), "test", kMostSas, NextField::allowed), "SAs");
    for (SaParameters& sa : config.sas) {
      if (!liveness) continue;
      sa.path = Path{.own_mac = kOwnMac, .peer_mac = kPeerMac};
      sa.liveness = *liveness;
    }
    endpoint_ = must(Endpoint::open(*device_, config), "endpoint");
  }

  /// A ping, and whether the answer is right. The host of the card does nothing meanwhile.
  void expect_answer(std::size_t sa) {
    const traffic::Bytes ping = generator_.ping(sa, true, 100);
    const traffic::Answer answer = reference_.process(ping).answer.value();
    far_->send({&ping, 1});
    std::optional<traffic::Bytes> got;
    await(
        [&] {
          got = far_->receive();
          return got.has_value();
        },
        "an answer");
    EXPECT_EQ(*got, answer.frame(answer.telemetry_of(*got)));
  }

  bool reported(const std::string& line) {
    const std::scoped_lock lock(mutex_);
    return std::ranges::find(reports_, line) != reports_.end();
  }
  void forget_reports() {
    const std::scoped_lock lock(mutex_);
    reports_.clear();
  }

  const std::uint64_t seed_ = test_seed(kPreset);
  const traffic::Config config_ = traffic::with_token_nonces(traffic::sample_config(seed_, kSas));
  traffic::Generator generator_{config_, seed_, {.wrappings = false}};
  traffic::Reference reference_{config_};
  std::unique_ptr<Veth> cable_ = std::make_unique<Veth>("line", "line-far");
  std::unique_ptr<PacketPort> far_ = std::make_unique<PacketPort>("line-far");
  std::mutex mutex_;
  std::vector<std::string> reports_;
  std::unique_ptr<NetDevice> device_;
  std::unique_ptr<Endpoint> endpoint_;
};

TEST_F(RealTimeTest, AnswersWithoutItsHost) {
  open();
  for (unsigned i = 0; i < 100; ++i) expect_answer(i % kSas);
}

TEST_F(RealTimeTest, AsksWithoutItsHostAndNotTooOften) {
  constexpr auto kInterval = 20ms;
  constexpr unsigned kProbes = 10;
  open(LivenessSettings{.interval = kInterval, .multiplier = 200});
  std::map<std::uint32_t, std::vector<std::uint64_t>> asked;  // t_origin by SPI
  const auto all_asked = [&] {
    while (const auto frame = far_->receive()) {
      for (const traffic::Association& sa : config_.sas) {
        const auto request = traffic::read_request(sa, *frame);
        if (request) asked[sa.out.spi].push_back(request->t_origin);
      }
    }
    return asked.size() == kSas &&
           std::ranges::all_of(asked, [](const auto& times) { return times.second.size() >= kProbes; });
  };
  await(all_asked, "ten probes on each SA");
  for (const auto& [spi, times] : asked) {
    // Jitter shortens an interval by a quarter at most; a machine that is late makes some longer, and the next ones no
    // shorter.
    const std::chrono::nanoseconds passed(static_cast<std::int64_t>(times.at(kProbes - 1) - times.front()));
    EXPECT_GE(passed, kInterval * (kProbes - 1) * 3 / 4 - 2ms) << spi;
  }
}

/// Times that a thread has gone to sleep by itself.
std::uint64_t sleeps_of(const std::string& thread) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    if (name != thread) continue;
    std::ifstream status(task.path() / "status");
    for (std::string word; status >> word;) {
      std::uint64_t count = 0;
      if (word == "voluntary_ctxt_switches:" && status >> count) return count;
    }
  }
  throw std::runtime_error("no thread " + thread);
}

TEST_F(RealTimeTest, SleepsWhileThereIsNothingToDo) {
  open();
  expect_answer(0);
  const std::uint64_t before = sleeps_of("sapulse-net");
  std::this_thread::sleep_for(300ms);  // not for anything to happen: nothing may
  EXPECT_LE(sleeps_of("sapulse-net") - before, 1U) << "it may have been about to";
  expect_answer(1);
}

TEST_F(RealTimeTest, AnInterfaceThatGoesDownComesBack) {
  open();
  expect_answer(0);
  ip("link set line-far down");
  await([&] { return reported("net:line: link is down"); }, "report of the link going down");
  EXPECT_FALSE(device_->statistics().front().up);
  must(device_->relax(), "a card without link");
  ip("link set line down");
  ip("link set line up");
  ip("link set line-far up");
  await([&] { return reported("net:line: link is up"); }, "report of the link coming up");
  far_ = std::make_unique<PacketPort>("line-far");
  expect_answer(1);
}

TEST_F(RealTimeTest, AnInterfaceThatIsRemovedComesBackUnderItsName) {
  open();
  expect_answer(0);
  far_.reset();
  cable_.reset();
  await([&] { return reported("net:line: link is down"); }, "report of the interface being gone");
  const traffic::Bytes lost = traffic::Bytes(60);
  must(endpoint_->card().send_frame(lost), "a frame without interface");
  must(endpoint_->card().drain(), "a frame without interface");
  EXPECT_GT(device_->statistics().front().unsent, 0U);
  forget_reports();
  cable_ = std::make_unique<Veth>("line", "line-far");
  far_ = std::make_unique<PacketPort>("line-far");
  await([&] { return reported("net:line: link is up"); }, "report of the new interface");
  expect_answer(1);
}

TEST_F(RealTimeTest, NeedsNoCapabilitiesOnceItIsOpen) {
  open();
  // Those of the thread that drops them: the test goes on with its own.
  std::thread([] {
    must(drop_network_capabilities(), "capabilities");
    EXPECT_EQ(socket(AF_PACKET, SOCK_RAW, 0), -1);
    EXPECT_EQ(errno, EPERM);
    const auto refused = NetDevice::open({.line = "line"});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("needs CAP_NET_RAW"));
  }).join();
  expect_answer(0);
}

TEST_F(RealTimeTest, RefusesWhatIsNoCable) {
  const auto refusal = [](const NetOptions& options) {
    const auto device = NetDevice::open(options);
    return device ? Error{} : device.error();
  };
  EXPECT_EQ(refusal({.line = "nowhere"}).code, Errc::not_found);
  EXPECT_EQ(refusal({.line = "line", .core = "nowhere"}).code, Errc::not_found);
  EXPECT_EQ(refusal({.line = "line", .core = "line"}).code, Errc::invalid_argument);
  EXPECT_THAT(refusal({.line = "lo"}).message, HasSubstr("net:lo: not an Ethernet interface"));
  EXPECT_THAT(refusal({.line = "line", .sa_capacity = 7}).message, HasSubstr("SA capacity 7"));
}

}  // namespace
}  // namespace sapulse::test
