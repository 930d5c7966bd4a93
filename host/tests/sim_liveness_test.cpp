// SPDX-License-Identifier: Apache-2.0
// Pings, liveness and errors between two simulated cards with the library on both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto.h"
#include "sapulse/endpoint.h"
#include "sapulse/sim/network.h"
#include "test_sas.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kSas = 4;
constexpr std::uint32_t kFirst = 0x1000;  // inbound SPIs of the near side
constexpr std::uint32_t kPeerFirst = 0x2000;
const IpAddress kNear = IpAddress::v4(0xc0000201);
const IpAddress kFar = IpAddress::v4(0xc0000202);
const MacAddress kNearMac = *MacAddress::parse("02:aa:bb:cc:dd:01");
const MacAddress kFarMac = *MacAddress::parse("02:aa:bb:cc:dd:02");

/// What an SA is on one side: the other side has the halves swapped.
SaParameters make_side(std::uint32_t i, bool near) {
  const SaDirection in{
      .spi = kFirst + i, .key = make_key(i % 2 == 0 ? 16 : 32, i), .salt = Salt(from_hex("a1b2c3d4")), .integrity = {}};
  const SaDirection out{.spi = kPeerFirst + i,
                        .key = make_key(i % 2 == 0 ? 32 : 16, ~i),
                        .salt = Salt(from_hex("01020304")),
                        .integrity = {}};
  SaParameters sa;
  sa.name = "sa" + std::to_string(i);
  sa.local = near ? kNear : kFar;
  sa.peer = near ? kFar : kNear;
  sa.in = near ? in : out;
  sa.out = near ? out : in;
  sa.path.emplace();
  sa.path->own_mac = near ? kNearMac : kFarMac;
  sa.path->peer_mac = near ? kFarMac : kNearMac;
  return sa;
}

Config make_config(bool near, bool with_sas) {
  Config config;
  config.card.local = {near ? kNear : kFar};
  config.secret = *DeviceSecret::from_hex(std::string(64, near ? 'a' : 'b'));
  for (std::uint32_t i = 0; with_sas && i < kSas; ++i) config.sas.push_back(make_side(i, near));
  return config;
}

sim::Network::MacBytes to_bytes(const MacAddress& mac) {
  sim::Network::MacBytes bytes{};
  std::ranges::transform(mac.bytes(), bytes.begin(), [](std::uint8_t byte) { return std::byte{byte}; });
  return bytes;
}

class SimLivenessTest : public testing::Test {
 protected:
  void SetUp() override {
    near_node_ = *network_.add("near", to_bytes(kNearMac), {});
    far_node_ = *network_.add("far", to_bytes(kFarMac), {.seed = 2});
    set_wires({.delay = 500});
    far_ = open(far_node_, false, true);
    near_ = open(near_node_, true, true);
    near_->monitor().set_handler([this](const LivenessChange& change) { changes_.push_back(change); });
  }
  void TearDown() override {
    // A closed endpoint must not be polled while the other one closes.
    for (const sim::NodeId node : {near_node_, far_node_}) network_.set_host(node, {});
    for (auto* endpoint : {near_.get(), far_.get()}) {
      if (endpoint == nullptr) continue;
      const auto closed = endpoint->close();
      EXPECT_TRUE(closed) << closed.error().message;
    }
    for (const sim::NodeId node : {near_node_, far_node_}) {
      for (const auto& violation : network_.card(node).violations()) ADD_FAILURE() << violation.message;
    }
  }
  void set_wires(const sim::WireConditions& conditions) {
    ASSERT_TRUE(network_.wire(near_node_, far_node_).set_conditions(conditions));
    ASSERT_TRUE(network_.wire(far_node_, near_node_).set_conditions(conditions));
  }
  std::unique_ptr<Endpoint> open(sim::NodeId node, bool near, bool with_sas) {
    auto endpoint = Endpoint::open(network_.device(node), make_config(near, with_sas));
    EXPECT_TRUE(endpoint) << endpoint.error().message;
    Endpoint* const opened = endpoint->get();
    network_.set_host(node, [opened] { return opened->poll().map([](std::size_t) {}); });
    return std::move(*endpoint);
  }
  /// Time of the network, both hosts polling.
  void run(std::chrono::nanoseconds time) {
    constexpr double kCyclesPerNanosecond = 0.322;
    const auto advanced =
        network_.advance(static_cast<std::uint64_t>(static_cast<double>(time.count()) * kCyclesPerNanosecond));
    ASSERT_TRUE(advanced) << advanced.error().message;
  }
  void watch_all(ProbeMode mode) {
    for (std::uint32_t i = 0; i < kSas; ++i) {
      const auto watched =
          near_->monitor().watch(kFirst + i, {.mode = mode, .interval = 20us, .multiplier = 3, .jitter_percent = 25});
      ASSERT_TRUE(watched) << watched.error().message;
    }
    run(100us);
    for (std::uint32_t i = 0; i < kSas; ++i) ASSERT_EQ(state(i), Liveness::up) << i;
    changes_.clear();
  }
  Liveness state(std::uint32_t i) { return near_->monitor().find(kFirst + i)->state; }

  sim::Network network_{1};
  sim::NodeId near_node_ = 0;
  sim::NodeId far_node_ = 0;
  std::unique_ptr<Endpoint> far_;
  std::unique_ptr<Endpoint> near_;
  std::vector<LivenessChange> changes_;
};

TEST_F(SimLivenessTest, PingsAreAnsweredWithTelemetry) {
  for (std::uint32_t i = 0; i < kSas; ++i) {
    const auto ping =
        near_->pinger().ping(kFirst + i, {.data_bytes = wire::telemetry_bytes + 100 * i, .timeout = 50us});
    ASSERT_TRUE(ping) << ping.error().message;
    ASSERT_TRUE(ping->answered) << i;
    EXPECT_GT(ping->rtt(), 3us) << "two wires of 500 cycles";
    EXPECT_LT(ping->rtt(), 10us);
    ASSERT_TRUE(ping->turnaround());
    EXPECT_EQ(*ping->forward() + *ping->backward() + *ping->turnaround(), ping->rtt());
    ASSERT_TRUE(ping->telemetry.token);
    const auto& [token, nonce] = *ping->telemetry.token;
    EXPECT_EQ(token, *crash_token(*DeviceSecret::from_hex(std::string(64, 'b')), kPeerFirst + i, nonce));
  }
  const auto back = far_->pinger().ping(kPeerFirst, {.timeout = 50us});
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->answered);
}

TEST_F(SimLivenessTest, PathMtuIsFound) {
  constexpr std::size_t kMtu = 1500;
  network_.wire(near_node_, far_node_).set_filter([](std::span<const std::byte> frame) {
    return frame.size() > 14 + kMtu;
  });
  const auto mtu = near_->pinger().probe_path_mtu(kFirst, {.attempts = 1, .timeout = 20us});
  ASSERT_TRUE(mtu) << mtu.error().message;
  EXPECT_EQ(mtu->passed, kMtu);
}

class SimModeTest : public SimLivenessTest, public testing::WithParamInterface<ProbeMode> {};

TEST_P(SimModeTest, BlackHoleOfOneSaIsFoundInTime) {
  watch_all(GetParam());
  // Only what is about one SA disappears; the subject SPI stands in the control header.
  constexpr std::size_t kSubject = 14 + 20 + 8 + 8;
  network_.wire(near_node_, far_node_).set_filter([](std::span<const std::byte> frame) {
    return frame.size() > kSubject + 4 && frame[kSubject + 2] == std::byte{kPeerFirst >> 8} &&
           frame[kSubject + 3] == std::byte{1};
  });
  const std::uint64_t cut = *near_->card().time();
  run(150us);
  ASSERT_FALSE(changes_.empty());
  for (const LivenessChange& change : changes_) EXPECT_EQ(change.spi_in, kFirst + 1);
  EXPECT_EQ(changes_.back().to, Liveness::down);
  EXPECT_LE(changes_.back().time, cut + 60'000 + 10'000) << "multiplier x interval, one round trip, a sweep";
  network_.wire(near_node_, far_node_).set_filter({});
  run(60us);
  EXPECT_EQ(state(1), Liveness::up);
}

TEST_P(SimModeTest, APeerThatHasForgottenEverythingIsLostAtOnce) {
  watch_all(GetParam());
  for (std::uint32_t i = 0; i < kSas; ++i) ASSERT_TRUE(near_->monitor().find(kFirst + i)->token_known) << i;
  network_.set_host(far_node_, {});
  ASSERT_TRUE(far_->close());
  far_ = open(far_node_, false, false);
  run(60us);
  for (std::uint32_t i = 0; i < kSas; ++i) EXPECT_EQ(state(i), Liveness::lost) << i;
  for (const LivenessChange& change : changes_) {
    if (change.to == Liveness::lost) EXPECT_EQ(change.reason, LivenessReason::crash_token);
  }
  for (std::uint32_t i = 0; i < kSas; ++i) ASSERT_TRUE(far_->sas().add(make_side(i, false)));
  run(100us);
  for (std::uint32_t i = 0; i < kSas; ++i) EXPECT_EQ(state(i), Liveness::up) << "SAs that come back are found";
}

TEST_P(SimModeTest, AdministrativelyDownAtThePeer) {
  watch_all(GetParam());
  ASSERT_TRUE(far_->monitor().set_admin_down(kPeerFirst + 2, true));
  run(60us);
  EXPECT_EQ(state(2), Liveness::admin_down);
  EXPECT_EQ(near_->monitor().find(kFirst + 2)->reason, LivenessReason::peer_admin);
  EXPECT_EQ(state(1), Liveness::up);
  ASSERT_TRUE(far_->monitor().set_admin_down(kPeerFirst + 2, false));
  run(100us);
  EXPECT_EQ(state(2), Liveness::up);
}

INSTANTIATE_TEST_SUITE_P(Modes, SimModeTest, testing::Values(ProbeMode::card, ProbeMode::host),
                         [](const auto& info) { return std::string(name(info.param)); });

}  // namespace
}  // namespace sapulse::test
