// SPDX-License-Identifier: Apache-2.0
// Probes that the host sends instead of the card.
#include "monitor_fixture.h"
#include "watch.h"

namespace sapulse::test {
namespace {

using testing::ElementsAre;

TEST_F(MonitorTest, HostProbesUntilTheReplyAndAfterwards) {
  watch(ProbeMode::host);
  EXPECT_THAT(device_.requester.probes, IsEmpty());
  run(100us);
  EXPECT_THAT(states(), ElementsAre(Liveness::up));
  EXPECT_EQ(changes_[0].reason, LivenessReason::sign_of_life);
  EXPECT_EQ(changes_[0].mode, ProbeMode::host);
  EXPECT_NEAR(static_cast<double>(device_.requester.pings.size()), 10, 3);
}

TEST_F(MonitorTest, HostFindsABlackHoleInTheDetectionTime) {
  watch(ProbeMode::host);
  run(100us);
  device_.requester.answer = {};
  const std::uint64_t cut = device_.now();
  run(100us);
  ASSERT_THAT(states(), ElementsAre(Liveness::up, Liveness::suspect, Liveness::down));
  EXPECT_LE(changes_[2].time, cut + 30'000 + 5'000) << "multiplier x interval, and the grain of waiting";
  EXPECT_GT(*changes_[2].evidence.heard, 30us);
  answer_with(make_crash_token(1));
  run(50us);
  EXPECT_EQ(state(), Liveness::up);
}

/// Whoever holds replies back until the peer is dead gains nothing: life counts from the requests.
TEST_F(MonitorTest, AttackWithRepliesThatWereHeldBackKeepsNobodyAlive) {
  watch(ProbeMode::host);
  device_.requester.answer = [](const FakePing&) { return FakeReply{.delay = 15'000, .n = 1, .telemetry = {}}; };
  run(200us);
  EXPECT_GT(device_.requester.pings.size(), 10U);
  ASSERT_NE(state(), Liveness::down);
  device_.requester.answer = {};
  const std::uint64_t cut = device_.now();
  run(100us);
  ASSERT_EQ(changes_.back().to, Liveness::down);
  EXPECT_LE(changes_.back().time, cut + 30'000 + 5'000) << "multiplier x interval, and the grain of waiting";
}

TEST_F(MonitorTest, HostModeLearnsTheToken) {
  watch(ProbeMode::host);
  run(50us);
  EXPECT_TRUE(monitor().find(kSpi)->token_known);
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  EXPECT_EQ(state(), Liveness::lost);
  device_.requester.answer = {};
  run(100us);
  EXPECT_EQ(state(), Liveness::lost) << "silence is no news";
  answer_with(make_crash_token(1));
  run(100us);
  EXPECT_EQ(state(), Liveness::up);
}

TEST_F(MonitorTest, HostBurstFollowsAHint) {
  watch(ProbeMode::host);
  run(50us);
  const std::size_t before = device_.requester.pings.size();
  receive(clear_error(sa_, wire::error_unknown_spi, Token{}, device_.now()));
  run(9us);
  EXPECT_GE(device_.requester.pings.size(), before + 3) << "three in three eighths of the interval";
  EXPECT_THAT(device_.requester.bursts, IsEmpty());
}

TEST_F(MonitorTest, CustomerDataKeepsAliveButDoesNotRevive) {
  HostProbe probe({.interval = 10us, .multiplier = 3, .jitter_percent = 0}, 0, 0);
  const auto run_to = [&](std::uint64_t time) {
    while (probe.due() <= time) (void)probe.advance(probe.due(), 0);
  };
  probe.data_seen(5'000);
  EXPECT_EQ(probe.status(5'000).state, ProbeState::init) << "not before the first reply";
  probe.replied(6'000, 1us);
  probe.data_seen(30'000);
  run_to(59'000);
  EXPECT_EQ(probe.status(59'000).state, ProbeState::suspect);
  probe.data_seen(59'500);
  EXPECT_EQ(probe.status(59'500).state, ProbeState::up);
  run_to(89'501);
  EXPECT_EQ(probe.status(89'501).state, ProbeState::down);
  probe.data_seen(89'600);
  EXPECT_EQ(probe.status(89'600).state, ProbeState::down);
}

TEST_F(MonitorTest, CustomerDataKeepsAnSaUpThatTheHostProbes) {
  ASSERT_TRUE(endpoint_->sas().add(make_peer(kSpi + 2)));  // the fake card sees customer packets on SAs of odd numbers
  watch(ProbeMode::host, true);
  run(50us);
  device_.requester.answer = {};
  for (int i = 0; i < 10; ++i) {
    ++device_.requester.data_sequence;
    run(10us);
  }
  EXPECT_THAT(states(), ElementsAre(Liveness::up));
  run(100us);
  EXPECT_EQ(state(), Liveness::down) << "no replies and no customer packets any more";
}

TEST_F(MonitorTest, TheHostsOwnProbeStatusIsToldAtOnce) {
  watch(ProbeMode::host);
  run(100us);
  std::optional<ProbeStatus> told;
  ASSERT_TRUE(monitor().start_probe_status(kSpi, [&](const Result<ProbeStatus>& status) { told = *status; }));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->state, ProbeState::up);
  EXPECT_EQ(told->rtt, 1us);
  EXPECT_GE(told->probes, told->replies);
  EXPECT_GT(told->replies, 5U);
  EXPECT_LT(told->heard, 15us);
  EXPECT_EQ(monitor().probe_status(kSpi)->replies, told->replies);
  EXPECT_EQ(monitor().start_probe_status(1, {}).error().code, Errc::not_found);
}

TEST_F(MonitorTest, JitterShortensIntervals) {
  HostProbe probe({.interval = 100us, .multiplier = 3, .jitter_percent = 25}, 0, 0);
  EXPECT_TRUE(probe.advance(0, 0xffffffff));
  EXPECT_GE(probe.due(), 75'000U);
  EXPECT_LE(probe.due(), 75'001U);
  EXPECT_TRUE(probe.advance(80'000, 0));
  EXPECT_EQ(probe.due(), 180'000U);
}

TEST_F(MonitorTest, SwitchesBetweenCardAndHostWhileItRuns) {
  watch();
  bring_up();
  ASSERT_TRUE(monitor().set_mode(kSpi, ProbeMode::host));
  EXPECT_THAT(device_.requester.probes, IsEmpty());
  run(100us);
  EXPECT_EQ(state(), Liveness::up);
  tell(ProbeState::down, ProbeState::up);  // the prober's last words
  EXPECT_EQ(state(), Liveness::up);
  ASSERT_TRUE(monitor().set_mode(kSpi, ProbeMode::card));
  EXPECT_TRUE(device_.requester.probes.contains(number_));
  const std::size_t pings = device_.requester.pings.size();
  run(100us);
  EXPECT_EQ(device_.requester.pings.size(), pings) << "the host probes no more";
  EXPECT_THAT(changes_, IsEmpty()) << "the state stays";
  EXPECT_EQ(endpoint_->sas().find(kSpi)->liveness->mode, ProbeMode::card);
}

// ---- silence counts over probes that were sent

TEST_F(MonitorTest, AHostThatWasHeldUpCallsNobodyDown) {
  watch(ProbeMode::host);
  run(100us);
  while (endpoint_->pinger().outstanding() > 0) run(1us);
  device_.advance(1'000'000);  // a slow disk, a large command
  run(100us);
  EXPECT_THAT(states(), ElementsAre(Liveness::up));
}

TEST_F(MonitorTest, ProbesThatTheCardCouldNotSendCallNobodyDown) {
  watch(ProbeMode::host);
  run(100us);
  device_.requester.most_pings = 0;
  run(1ms);
  EXPECT_THAT(states(), ElementsAre(Liveness::up));
  device_.requester.most_pings = regs::kPings;
  device_.requester.answer = {};
  run(100us);
  EXPECT_EQ(state(), Liveness::down) << "but silence after probes that were sent does";
}

TEST_F(MonitorTest, OnlyTheTimeInWhichNobodyAskedIsLeftOut) {
  HostProbe probe({.interval = 10us, .multiplier = 3, .jitter_percent = 0}, 0, 0);
  EXPECT_TRUE(probe.advance(0, 0));
  probe.replied(0, 1us);
  EXPECT_TRUE(probe.advance(10'000, 0));
  EXPECT_TRUE(probe.advance(1'000'000, 0)) << "980 us late";
  EXPECT_EQ(probe.status(1'000'000).state, ProbeState::up);
  EXPECT_TRUE(probe.advance(1'010'000, 0));
  EXPECT_EQ(probe.due(), 1'010'001U) << "multiplier x interval without the 980 us";
  (void)probe.advance(1'010'001, 0);
  EXPECT_EQ(probe.status(1'010'001).state, ProbeState::down);
  EXPECT_EQ(probe.status(1'010'001).heard, 1'010'001ns) << "what is told is not shortened";
}

TEST_F(MonitorTest, AReplyThatComesAfterTheHostWasHeldUpDoesNotEndIt) {
  HostProbe probe({.interval = 10us, .multiplier = 3, .jitter_percent = 0}, 0, 0);
  EXPECT_TRUE(probe.advance(0, 0));
  probe.replied(0, 1us);
  EXPECT_TRUE(probe.advance(10'000, 0));
  EXPECT_TRUE(probe.advance(1'000'000, 0));
  probe.replied(10'000, 999us);  // to the request from before
  (void)probe.advance(1'005'000, 0);
  EXPECT_EQ(probe.status(1'005'000).state, ProbeState::up);
}

class RequesterOnlyTest : public MonitorTest {
 protected:
  RequesterOnlyTest() : MonitorTest(FakeDevice::kRequesterOnly) {}
};

TEST_F(RequesterOnlyTest, HostProbesWhereTheCardCannot) {
  ASSERT_TRUE(endpoint_->sas().add(sa_));
  EXPECT_EQ(monitor().watch(kSpi, {.mode = ProbeMode::card}).error().code, Errc::unsupported);
  EXPECT_TRUE(monitor().watch(kSpi, {.mode = ProbeMode::host, .interval = 10us}));
  answer_with(std::nullopt);
  run(50us);
  EXPECT_EQ(state(), Liveness::up);
}

}  // namespace
}  // namespace sapulse::test
