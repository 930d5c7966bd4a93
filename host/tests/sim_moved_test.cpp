// SPDX-License-Identifier: Apache-2.0
// A peer behind a NAT whose binding changes, and an attacker who would like to move the path, between two simulated
// cards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sapulse/endpoint.h"
#include "sapulse/sim/network.h"
#include "test_sas.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr std::uint32_t kSpi = 0x1000;
const MacAddress kOwnMac = *MacAddress::parse("02:aa:bb:cc:dd:01");
const MacAddress kPeerMac = *MacAddress::parse("02:aa:bb:cc:dd:02");

/// Address and UDP port of the outside of the NAT.
struct Binding {
  std::uint32_t address;
  std::uint16_t port;
};
constexpr Binding kFirst{0xcb007101, 1024};
constexpr Binding kSecond{0xcb007102, 2048};
constexpr Binding kAttacker{0xcb007163, 4500};

sim::Network::MacBytes to_bytes(const MacAddress& mac) {
  sim::Network::MacBytes bytes{};
  std::ranges::transform(mac.bytes(), bytes.begin(), [](std::uint8_t byte) { return std::byte{byte}; });
  return bytes;
}

void put(sim::Frame& frame, std::size_t at, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) frame.at(at + i) = static_cast<std::byte>(value >> 8 * (size - 1 - i));
}

constexpr std::size_t kIp = 14, kIpChecksum = kIp + 10, kSource = kIp + 12, kDestination = kIp + 16;
constexpr std::size_t kSourcePort = kIp + 20, kDestinationPort = kSourcePort + 2;

/// The frame with another address and port at these places, as a NAT makes it.
sim::Frame translated(sim::Frame frame, std::size_t address, std::size_t port, const Binding& to) {
  put(frame, address, to.address, 4);
  put(frame, port, to.port, 2);
  put(frame, kIpChecksum, 0, 2);
  std::uint32_t sum = 0;
  for (std::size_t at = kIp; at < kIp + 20; at += 2) {
    sum += std::to_integer<std::uint32_t>(frame.at(at)) << 8 | std::to_integer<std::uint32_t>(frame.at(at + 1));
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  put(frame, kIpChecksum, ~sum & 0xffff, 2);
  return frame;
}

bool leads_to(std::span<const std::byte> frame, const Binding& binding) {
  sim::Frame wanted(frame.begin(), frame.end());
  put(wanted, kDestination, binding.address, 4);
  put(wanted, kDestinationPort, binding.port, 2);
  return std::ranges::equal(frame, wanted);
}

class NatBase : public testing::Test {
 protected:
  void build(sim::ModelKind model) {
    sim::CardOptions options;
    options.model = model;
    own_node_ = *network_.add("own", to_bytes(kOwnMac), options);
    options.seed = 2;
    peer_node_ = *network_.add("peer", to_bytes(kPeerMac), options);
    // Everything crosses the NAT, which has one binding at a time.
    network_.wire(peer_node_, own_node_).set_filter([this](std::span<const std::byte> frame) {
      from_peer_.push_back(translated({frame.begin(), frame.end()}, kSource, kSourcePort, binding_));
      network_.wire(peer_node_, own_node_).inject(network_.cycle() + kDelay, from_peer_.back());
      return true;
    });
    network_.wire(own_node_, peer_node_).set_filter([this](std::span<const std::byte> frame) {
      if (leads_to(frame, kAttacker)) ++to_attacker_;
      if (leads_to(frame, binding_)) to_peer(frame);
      return true;
    });
    peer_ = open(peer_node_, peer_end());
    own_ = open(own_node_, own_end());
    own_->monitor().set_handler([this](const LivenessChange& change) { states_.push_back(change.to); });
    own_->follower().set_handler([this](const PeerMove& move) { moves_.push_back(move); });
  }
  void TearDown() override {
    for (const sim::NodeId node : {own_node_, peer_node_}) network_.set_host(node, {});
    for (auto* endpoint : {own_.get(), peer_.get()}) {
      if (endpoint != nullptr) EXPECT_TRUE(endpoint->close());
    }
  }

  void to_peer(std::span<const std::byte> frame) {
    const SaParameters sa = peer_end();
    const auto bytes = sa.local.bytes();
    const Binding inside{static_cast<std::uint32_t>(bytes[12] << 24 | bytes[13] << 16 | bytes[14] << 8 | bytes[15]),
                         wire::udp_port_ipsec};
    network_.wire(own_node_, peer_node_)
        .inject(network_.cycle() + kDelay,
                translated({frame.begin(), frame.end()}, kDestination, kDestinationPort, inside));
  }

  /// The peer's own address is behind the NAT: to us it is at the first binding.
  static SaParameters own_end() {
    SaParameters sa = peer_end();
    std::swap(sa.in, sa.out);
    sa.local = peer_end().peer;
    sa.peer = IpAddress::v4(kFirst.address);
    sa.path =
        Path{.own_mac = kOwnMac, .peer_mac = kPeerMac, .encapsulation = Encapsulation::udp, .peer_port = kFirst.port};
    return sa;
  }
  static SaParameters peer_end() {
    SaParameters sa = make_sa(kSpi);
    sa.next.reset();
    std::swap(sa.local, sa.peer);
    std::swap(sa.in, sa.out);
    sa.path = Path{.own_mac = kPeerMac, .peer_mac = kOwnMac, .encapsulation = Encapsulation::udp};
    return sa;
  }
  std::unique_ptr<Endpoint> open(sim::NodeId node, const SaParameters& sa) {
    Config config;
    config.card.local = {sa.local};
    config.sas = {sa};
    EndpointOptions options;
    options.follower.probe_interval = 20us;
    auto endpoint = Endpoint::open(network_.device(node), config, options);
    EXPECT_TRUE(endpoint) << endpoint.error().message;
    network_.set_host(node, [opened = endpoint->get()] { return opened->poll().map([](std::size_t) {}); });
    return std::move(*endpoint);
  }
  void run(std::chrono::nanoseconds time) {
    constexpr double kCyclesPerNanosecond = 0.322;
    ASSERT_TRUE(network_.advance(static_cast<std::uint64_t>(static_cast<double>(time.count()) * kCyclesPerNanosecond)));
  }
  /// Both ends watch each other.
  void watch(ProbeMode mode) {
    const LivenessSettings probing{.mode = mode, .interval = 20us, .multiplier = 4};
    ASSERT_TRUE(own_->monitor().watch(kSpi, probing));
    ASSERT_TRUE(peer_->monitor().watch(peer_end().in.spi, probing));
    run(200us);
    ASSERT_EQ(own_->monitor().find(kSpi)->state, Liveness::up);
    states_.clear();
  }
  /// A frame of the peer arrives with the attacker as its source.
  void replay(const sim::Frame& frame) {
    network_.wire(peer_node_, own_node_).inject(network_.cycle(), translated(frame, kSource, kSourcePort, kAttacker));
  }

  static constexpr std::uint64_t kDelay = 500;  // cycles
  sim::Network network_{1};
  sim::NodeId own_node_ = 0;
  sim::NodeId peer_node_ = 0;
  Binding binding_ = kFirst;
  std::vector<sim::Frame> from_peer_;  ///< as they have left the NAT
  unsigned to_attacker_ = 0;
  std::unique_ptr<Endpoint> peer_;
  std::unique_ptr<Endpoint> own_;
  std::vector<Liveness> states_;
  std::vector<PeerMove> moves_;
};

class NatRebinding : public NatBase, public testing::WithParamInterface<std::tuple<sim::ModelKind, ProbeMode>> {};

TEST_P(NatRebinding, ThePathFollowsAndThePeerIsNeverDown) {
  const auto [model, mode] = GetParam();
  build(model);
  watch(mode);
  EXPECT_THAT(moves_, IsEmpty());
  binding_ = kSecond;
  run(400us);
  EXPECT_THAT(states_, testing::Not(testing::Contains(Liveness::down)));
  EXPECT_EQ(own_->monitor().find(kSpi)->state, Liveness::up);
  ASSERT_EQ(moves_.size(), 1U);
  EXPECT_EQ(moves_[0].to.peer, IpAddress::v4(kSecond.address));
  EXPECT_EQ(moves_[0].to.path.peer_port, kSecond.port);
  EXPECT_EQ(own_->sas().find(kSpi)->peer, IpAddress::v4(kSecond.address));
  // It is the peer that is watched, not what the NAT remembers.
  network_.wire(peer_node_, own_node_).set_filter([](std::span<const std::byte>) { return true; });
  run(200us);
  EXPECT_EQ(own_->monitor().find(kSpi)->state, Liveness::down);
}

INSTANTIATE_TEST_SUITE_P(Models, NatRebinding,
                         testing::Combine(testing::Values(sim::ModelKind::rtl, sim::ModelKind::fast),
                                          testing::Values(ProbeMode::card, ProbeMode::host)),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param) == sim::ModelKind::rtl ? "rtl" : "fast") +
                                  (std::get<1>(info.param) == ProbeMode::card ? "_card" : "_host");
                         });

class AttackThatMovesThePath : public NatBase, public testing::WithParamInterface<sim::ModelKind> {
 protected:
  void SetUp() override {
    build(GetParam());
    watch(ProbeMode::card);
  }
  void expect_no_move() {
    EXPECT_THAT(moves_, IsEmpty());
    EXPECT_EQ(own_->sas().find(kSpi)->peer, IpAddress::v4(kFirst.address));
    EXPECT_THAT(states_, IsEmpty()) << "up all the time";
  }
};

TEST_P(AttackThatMovesThePath, ByWhatHasBeenReceivedBefore) {
  for (const sim::Frame& frame : std::vector<sim::Frame>(from_peer_)) replay(frame);
  run(100us);
  expect_no_move();
  EXPECT_EQ(own_->follower().counts().probes, 0U) << "the window refuses all of it";
  EXPECT_EQ(to_attacker_, 0U);
}

TEST_P(AttackThatMovesThePath, ByARequestThatIsRelayed) {
  // The attacker is on the path, keeps what the peer sends from arriving and sends it from his own address; only
  // requests, since replies come from where they were asked for.
  unsigned relayed = 0;
  network_.wire(peer_node_, own_node_).set_filter([this, &relayed](std::span<const std::byte> frame) {
    const sim::Frame sent = translated({frame.begin(), frame.end()}, kSource, kSourcePort, binding_);
    constexpr std::size_t kType = kIp + 20 + 8 + 8 + 1;  // of the control header
    const bool request = frame[kType] == std::byte{wire::type_echo_request};
    request ? replay(sent) : network_.wire(peer_node_, own_node_).inject(network_.cycle() + kDelay, sent);
    relayed += request ? 1 : 0;
    return true;
  });
  run(200us);
  EXPECT_GT(relayed, 5U);
  EXPECT_GT(own_->follower().counts().probes, 1U);
  EXPECT_GT(to_attacker_, own_->follower().counts().probes) << "probes, and answers to where the requests came from";
  expect_no_move();
}

INSTANTIATE_TEST_SUITE_P(Models, AttackThatMovesThePath, testing::Values(sim::ModelKind::rtl, sim::ModelKind::fast),
                         [](const auto& info) { return info.param == sim::ModelKind::rtl ? "rtl" : "fast"; });

}  // namespace
}  // namespace sapulse::test
