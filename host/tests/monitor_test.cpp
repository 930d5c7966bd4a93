// SPDX-License-Identifier: Apache-2.0
// Liveness: the card's prober, administrative state, tokens that are learnt, the line for the log.
#include "monitor_fixture.h"

namespace sapulse::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// ---- the card's prober

TEST_F(MonitorTest, AnSaWhoseSettingsTheCardHasLostIsSetUpAgain) {
  watch();
  bring_up();
  device_.requester.probes.clear();
  tell(ProbeState::idle, ProbeState::init);
  run(20us);
  EXPECT_TRUE(device_.requester.probes.contains(number_));
  EXPECT_EQ(state(), Liveness::up) << "nothing has been said about the peer";
  tell(ProbeState::down, ProbeState::init);
  EXPECT_EQ(state(), Liveness::down);
}

TEST_F(MonitorTest, SettingsReachTheProber) {
  sa_.liveness = LivenessSettings{
      .interval = 3300us, .multiplier = 10, .suspect = 4, .jitter_percent = 25, .data_bytes = 100, .data_alive = true};
  number_ = *endpoint_->sas().add(sa_);
  poll();
  const auto& written = device_.requester.probes.at(number_);
  const regs::ConstProbeWrite probe{
      std::span<const std::byte, regs::kCommandBytes>(written.data(), regs::kCommandBytes)};
  EXPECT_EQ(probe.enable(), 1);
  EXPECT_EQ(probe.data_alive(), 1);
  EXPECT_EQ(probe.jitter(), 64);
  EXPECT_EQ(probe.length(), 100);
  EXPECT_EQ(probe.interval(), 3223U) << "3300000 / 1024, rounded up";
  EXPECT_EQ(probe.suspect(), 12891U);
  EXPECT_EQ(probe.detect(), 32227U);
  EXPECT_EQ(state(), Liveness::init);
}

TEST_F(MonitorTest, FollowsTheProber) {
  watch();
  tell(ProbeState::up, ProbeState::init);
  tell(ProbeState::suspect, ProbeState::up);
  tell(ProbeState::up, ProbeState::suspect);
  tell(ProbeState::down, ProbeState::up);
  tell(ProbeState::up, ProbeState::down);
  EXPECT_THAT(states(), ElementsAre(Liveness::up, Liveness::suspect, Liveness::up, Liveness::down, Liveness::up));
  EXPECT_EQ(changes_[3].reason, LivenessReason::silence);
  EXPECT_EQ(changes_[3].evidence.heard, 10240ns);
  EXPECT_EQ(changes_[3].evidence.rtt, 5000ns);
  EXPECT_EQ(changes_[3].evidence.probes, 7U);
  EXPECT_EQ(changes_[3].evidence.replies, 3U);
  EXPECT_EQ(changes_[3].peer, sa_.peer);
}

TEST_F(MonitorTest, DownWithoutEverHavingBeenUp) {
  watch();
  tell(ProbeState::down, ProbeState::init);
  EXPECT_EQ(state(), Liveness::down);
}

TEST_F(MonitorTest, ReplacingKeepsWatching) {
  watch();
  bring_up();
  const std::uint32_t before = number_;
  SaParameters next = make_sa(kSpi, 1);
  number_ = *endpoint_->sas().replace(kSpi, next);
  ASSERT_NE(number_, before);
  EXPECT_FALSE(device_.requester.probes.contains(before)) << "erased with its SA";
  // An event about the old number must not touch the new SA.
  ASSERT_TRUE(device_.deliver_event(probe_event(before, ProbeState::down, ProbeState::up, device_.now())));
  poll();
  EXPECT_TRUE(device_.requester.probes.contains(number_));
  EXPECT_EQ(state(), Liveness::up);
  EXPECT_FALSE(monitor().find(kSpi)->token_known) << "it was that of another SA";
  tell(ProbeState::down, ProbeState::init);
  EXPECT_EQ(state(), Liveness::down);
}

TEST_F(MonitorTest, RemovingEndsWatching) {
  watch();
  ASSERT_TRUE(endpoint_->sas().remove(kSpi));
  EXPECT_EQ(monitor().size(), 0U);
  tell(ProbeState::down, ProbeState::up);
  EXPECT_THAT(changes_, IsEmpty());
}

TEST_F(MonitorTest, EventsFromBeforeTheStartAreNotBelieved) {
  watch();
  bring_up();
  const std::uint64_t earlier = device_.now() - 10;
  ASSERT_TRUE(monitor().watch(kSpi, *sa_.liveness));
  ASSERT_TRUE(device_.deliver_event(probe_event(number_, ProbeState::down, ProbeState::up, earlier)));
  poll();
  EXPECT_EQ(state(), Liveness::up);
}

TEST_F(MonitorTest, UnwatchTakesItAwayFromTheProber) {
  watch();
  ASSERT_TRUE(monitor().unwatch(kSpi));
  EXPECT_THAT(device_.requester.probes, IsEmpty());
  EXPECT_EQ(monitor().find(kSpi), std::nullopt);
  EXPECT_EQ(monitor().unwatch(kSpi).error().code, Errc::not_found);
  EXPECT_EQ(endpoint_->sas().find(kSpi)->liveness, std::nullopt);
}

TEST_F(MonitorTest, ReadsTheProber) {
  watch();
  const auto status = monitor().probe_status(kSpi);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ProbeState::up);
  EXPECT_EQ(status->rtt, 4321ns);
  EXPECT_EQ(status->heard, 2048ns);
  EXPECT_EQ(monitor().probe_status(1).error().code, Errc::not_found);
  std::optional<ProbeStatus> told;
  ASSERT_TRUE(monitor().start_probe_status(kSpi, [&](const Result<ProbeStatus>& read) { told = *read; }));
  EXPECT_FALSE(told) << "the card has not been asked yet";
  run(5us);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->probes, status->probes);
}

TEST_F(MonitorTest, SettingsOutOfRangeAreRefused) {
  ASSERT_TRUE(endpoint_->sas().add(sa_));
  const auto refused = [&](const LivenessSettings& settings) {
    return monitor().watch(kSpi, settings).error().message;
  };
  EXPECT_THAT(refused({.interval = 999ns}), HasSubstr("interval of 999 ns"));
  EXPECT_THAT(refused({.interval = 19min}), HasSubstr("18 minutes"));
  EXPECT_THAT(refused({.interval = 18min, .multiplier = 3}), HasSubstr("36 minutes"));
  EXPECT_THAT(refused({.multiplier = 0}), HasSubstr("multiplier 0"));
  EXPECT_THAT(refused({.multiplier = 256}), HasSubstr("multiplier 256"));
  EXPECT_THAT(refused({.multiplier = 3, .suspect = 3}), HasSubstr("less than the multiplier"));
  EXPECT_THAT(refused({.jitter_percent = 26}), HasSubstr("jitter of 26"));
  EXPECT_THAT(refused({.data_bytes = 55}), HasSubstr("55 bytes"));
  EXPECT_EQ(monitor().watch(1, {}).error().code, Errc::not_found);
  ASSERT_TRUE(endpoint_->sas().add(make_sa(kSpi + 1)));
  EXPECT_THAT(monitor().watch(kSpi + 1, {}).error().message, HasSubstr("path"));
}

TEST_F(MonitorTest, SettingsAtTheEndsOfTheirRangesAreTaken) {
  ASSERT_TRUE(endpoint_->sas().add(sa_));
  for (const LivenessSettings& settings : {LivenessSettings{.interval = 1us},
                                           {.interval = 18min, .multiplier = 1},
                                           {.multiplier = 255},
                                           {.multiplier = 3, .suspect = 2},
                                           {.jitter_percent = 25},
                                           {.data_bytes = 56}}) {
    const auto watched = monitor().watch(kSpi, settings);
    EXPECT_TRUE(watched) << watched.error().message;
  }
}

// ---- administrative state

TEST_F(MonitorTest, AdminDownStopsProbingAndComesBack) {
  watch();
  bring_up();
  ASSERT_TRUE(monitor().set_admin_down(kSpi, true));
  EXPECT_TRUE(device_.requester.down.contains(number_));
  EXPECT_THAT(device_.requester.probes, IsEmpty());
  EXPECT_EQ(state(), Liveness::admin_down);
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  receive(protected_error(sa_, number_, wire::error_sa_down, 1000, device_.now()));
  run(100us);
  EXPECT_EQ(state(), Liveness::admin_down);
  ASSERT_TRUE(monitor().set_admin_down(kSpi, false));
  EXPECT_FALSE(device_.requester.down.contains(number_));
  EXPECT_TRUE(device_.requester.probes.contains(number_));
  tell(ProbeState::up, ProbeState::init);
  EXPECT_THAT(states(), ElementsAre(Liveness::admin_down, Liveness::init, Liveness::up));
}

TEST_F(MonitorTest, AdminDownSurvivesReplacing) {
  watch();
  ASSERT_TRUE(monitor().set_admin_down(kSpi, true));
  number_ = *endpoint_->sas().replace(kSpi, make_sa(kSpi, 1));
  poll();
  EXPECT_TRUE(device_.requester.down.contains(number_));
  EXPECT_THAT(device_.requester.probes, IsEmpty());
  EXPECT_EQ(state(), Liveness::admin_down);
}

TEST_F(MonitorTest, AdminDownNeedsNoWatching) {
  number_ = *endpoint_->sas().add(sa_);
  ASSERT_TRUE(monitor().set_admin_down(kSpi, true));
  EXPECT_TRUE(device_.requester.down.contains(number_));
  EXPECT_EQ(monitor().set_admin_down(1, true).error().code, Errc::not_found);
}

// ---- the rest

TEST_F(MonitorTest, TokensAreLearntAFewAtATimeAndRefreshed) {
  constexpr unsigned kSas = 40;
  answer_with(make_crash_token(1));
  for (std::uint32_t i = 0; i < kSas; ++i) {
    SaParameters sa = make_peer(kSpi + i);
    sa.liveness = LivenessSettings{.interval = 10us};
    ASSERT_TRUE(endpoint_->sas().add(sa));
  }
  poll();
  for (std::uint32_t i = 0; i < kSas; ++i) {
    ASSERT_TRUE(device_.deliver_event(
        probe_event(endpoint_->sas().find(kSpi + i)->number, ProbeState::up, ProbeState::init, device_.now())));
  }
  poll();
  EXPECT_LE(endpoint_->pinger().outstanding(), 16U);
  run(100us);
  for (std::uint32_t i = 0; i < kSas; ++i) EXPECT_TRUE(monitor().find(kSpi + i)->token_known) << i;
  EXPECT_EQ(device_.requester.pings.size(), kSas) << "once each";
  device_.advance(static_cast<std::uint64_t>(std::chrono::nanoseconds(6min).count()));
  run(100us);
  EXPECT_EQ(device_.requester.pings.size(), 2 * kSas);
}

TEST_F(MonitorTest, LogLineHasTheEvidenceAndNoLineBreak) {
  sa_.name = "evil\" na\x7fme\nto=up";
  watch();
  bring_up();
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), 123456789));
  const std::string line = to_line(changes_.at(0));
  EXPECT_EQ(
      line,
      "sa=\"evil\\\" na\\x7fme\\x0ato=up\" spi_in=0x00001234 spi_out=0x40001234 peer=198.51.100.1 from=up to=lost "
      "reason=crash-token mode=card time=123456789 heard_ns=10240 rtt_ns=1000 probes=7 replies=3 error=1 "
      "protected=false error_spi=0x40001234 error_sequence=1");
}

}  // namespace
}  // namespace sapulse::test
