// SPDX-License-Identifier: Apache-2.0
// Attacks in two lives of one card: what has been recorded in the first proves nothing in the second.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "folder.h"
#include "sapulse/endpoint.h"
#include "sapulse/sim/network.h"
#include "test_sas.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kSpi = 0x1000;
const MacAddress kOwnMac = *MacAddress::parse("02:aa:bb:cc:dd:01");
const MacAddress kPeerMac = *MacAddress::parse("02:aa:bb:cc:dd:02");
constexpr LivenessSettings kProbing{.interval = 20us, .multiplier = 3};

sim::Network::MacBytes to_bytes(const MacAddress& mac) {
  sim::Network::MacBytes bytes{};
  std::ranges::transform(mac.bytes(), bytes.begin(), [](std::uint8_t byte) { return std::byte{byte}; });
  return bytes;
}

SaParameters own_end() {
  SaParameters sa = make_sa(kSpi);
  sa.next.reset();
  sa.path = Path{.own_mac = kOwnMac, .peer_mac = kPeerMac};
  return sa;
}

SaParameters peer_end() {
  SaParameters sa = own_end();
  std::swap(sa.local, sa.peer);
  std::swap(sa.in, sa.out);
  std::swap(sa.path->own_mac, sa.path->peer_mac);
  return sa;
}

struct Lives {
  sim::ModelKind model;
  bool with_state;
};

class TwoLives : public testing::TestWithParam<Lives> {
 protected:
  void SetUp() override {
    sim::CardOptions options;
    options.model = GetParam().model;
    own_node_ = *network_.add("own", to_bytes(kOwnMac), options);
    options.seed = 2;
    peer_node_ = *network_.add("peer", to_bytes(kPeerMac), options);
    ASSERT_TRUE(network_.wire(own_node_, peer_node_).set_conditions({.delay = 500}));
    ASSERT_TRUE(network_.wire(peer_node_, own_node_).set_conditions({.delay = 500}));
    network_.wire(peer_node_, own_node_).set_filter([this](std::span<const std::byte> frame) {
      recorded_.emplace_back(frame.begin(), frame.end());
      return false;  // it passes
    });
    peer_ = open(peer_node_, peer_end(), "");
  }
  void TearDown() override {
    for (const sim::NodeId node : {own_node_, peer_node_}) network_.set_host(node, {});
    for (auto* endpoint : {own_.get(), peer_.get()}) {
      if (endpoint != nullptr) EXPECT_TRUE(endpoint->close());
    }
  }
  std::unique_ptr<Endpoint> open(sim::NodeId node, const SaParameters& sa, const std::filesystem::path& state) {
    Config config;
    config.card.local = {sa.local};
    config.card.mac = {sa.path->own_mac};
    config.sas = {sa};
    EndpointOptions options;
    options.state = state;
    auto endpoint = Endpoint::open(network_.device(node), config, options);
    EXPECT_TRUE(endpoint) << endpoint.error().message;
    network_.set_host(node, [opened = endpoint->get()] { return opened->poll().map([](std::size_t) {}); });
    return std::move(*endpoint);
  }
  void begin_life() { own_ = open(own_node_, own_end(), GetParam().with_state ? folder_.state() : ""); }
  void end_life() {
    network_.set_host(own_node_, {});
    ASSERT_TRUE(own_->close());
    own_.reset();
  }
  void run(std::chrono::nanoseconds time) {
    constexpr double kCyclesPerNanosecond = 0.322;
    ASSERT_TRUE(network_.advance(static_cast<std::uint64_t>(static_cast<double>(time.count()) * kCyclesPerNanosecond)));
  }
  /// The peer is gone from now on, and each request is answered with the next reply that was recorded: each has one
  /// chance only, since a card that verifies a reply does not look at it again.
  void answer_with_recordings() {
    network_.wire(own_node_, peer_node_).set_filter([this, next = std::size_t{0}](std::span<const std::byte>) mutable {
      if (next < recorded_.size()) {
        network_.wire(peer_node_, own_node_).inject(network_.cycle(), recorded_[next++]);
        ++replayed_;
      }
      return true;
    });
  }
  /// Puts everything that was recorded on the line, one frame each microsecond.
  void replay_all() {
    for (const sim::Frame& frame : std::vector<sim::Frame>(recorded_)) {
      network_.wire(peer_node_, own_node_).inject(network_.cycle(), frame);
      run(1us);
    }
  }
  Liveness state() { return own_->monitor().find(kSpi)->state; }

  const Folder folder_;
  sim::Network network_{1};
  sim::NodeId own_node_ = 0;
  sim::NodeId peer_node_ = 0;
  std::vector<sim::Frame> recorded_;  ///< from the peer
  unsigned replayed_ = 0;
  std::unique_ptr<Endpoint> peer_;
  std::unique_ptr<Endpoint> own_;
};

TEST_P(TwoLives, AttackWithRepliesToProbesOfAnEarlierLifeProvesNothing) {
  begin_life();
  ASSERT_TRUE(own_->monitor().watch(kSpi, kProbing));
  run(300us);
  ASSERT_EQ(state(), Liveness::up);
  ASSERT_GT(recorded_.size(), 5U);
  end_life();
  answer_with_recordings();
  begin_life();
  std::vector<Liveness> states;
  own_->monitor().set_handler([&](const LivenessChange& change) { states.push_back(change.to); });
  ASSERT_TRUE(own_->monitor().watch(kSpi, kProbing));
  run(300us);
  EXPECT_THAT(states, testing::ElementsAre(Liveness::down));
  EXPECT_GT(replayed_, 5U);
  const Counters counters = *own_->card().counters();
  EXPECT_EQ(counters[Counter::replies], 0U);
  EXPECT_GT(counters[Counter::probes], 0U) << "there were requests that could have been taken for answered";
}

TEST_P(TwoLives, AttackWithRepliesToPingsOfAnEarlierLifeProvesNothing) {
  constexpr unsigned kPings = 8;
  begin_life();
  for (unsigned i = 0; i < kPings; ++i) {
    const auto answered = own_->pinger().ping(kSpi, {.timeout = 50us});
    ASSERT_TRUE(answered && answered->answered);
  }
  ASSERT_EQ(recorded_.size(), kPings);
  end_life();
  answer_with_recordings();
  begin_life();
  unsigned ended = 0;
  for (unsigned i = 0; i < kPings; ++i) {
    ASSERT_TRUE(own_->pinger().start(kSpi, {.timeout = 100us}, [&](const Result<PingResult>& result) {
      ASSERT_TRUE(result);
      EXPECT_FALSE(result->answered);
      ++ended;
    }));
  }
  run(200us);
  EXPECT_EQ(ended, kPings);
  EXPECT_EQ(replayed_, kPings);
}

/// Only what is on disk can bring a replay window back.
class TwoLivesWithState : public TwoLives {};

/// The other way round: recorded requests, when the responder has a new life.
TEST_P(TwoLivesWithState, AttackWithRequestsOfAnEarlierLifeIsNotAnswered) {
  begin_life();
  ASSERT_TRUE(peer_->monitor().watch(own_end().out.spi, kProbing));
  run(300us);
  ASSERT_TRUE(peer_->monitor().unwatch(own_end().out.spi));
  run(50us);
  ASSERT_GT(recorded_.size(), 5U);
  end_life();
  begin_life();
  replay_all();
  const Counters counters = *own_->card().counters();
  EXPECT_EQ(counters[Counter::answered], 0U);
  EXPECT_EQ(counters[Counter::drop_replay], recorded_.size());
}

std::string name_of(const testing::TestParamInfo<Lives>& info) {
  return std::string(info.param.model == sim::ModelKind::rtl ? "rtl" : "fast") +
         (info.param.with_state ? "_with_state" : "_without_state");
}

INSTANTIATE_TEST_SUITE_P(Models, TwoLives,
                         testing::Values(Lives{sim::ModelKind::rtl, true}, Lives{sim::ModelKind::rtl, false},
                                         Lives{sim::ModelKind::fast, true}, Lives{sim::ModelKind::fast, false}),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Models, TwoLivesWithState,
                         testing::Values(Lives{sim::ModelKind::rtl, true}, Lives{sim::ModelKind::fast, true}), name_of);

}  // namespace
}  // namespace sapulse::test
