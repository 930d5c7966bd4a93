// SPDX-License-Identifier: Apache-2.0
// Liveness from end to end, in protocol time: cards with hosts, links that fail.
#include <gmock/gmock.h>

#include <array>
#include <string>
#include <tuple>

#include "outcome.h"

namespace sapulse::lab {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

std::string two_nodes(const std::string& link, const std::string& events, const std::string& duration = "120ms") {
  return "duration: " + duration + "\nnodes: [west, east]\nlinks: [{between: [west, east], " + link + "}]\nevents:\n" +
         events;
}

constexpr std::array kModels{sim::ModelKind::rtl, sim::ModelKind::fast};

std::string name(sim::ModelKind model) { return model == sim::ModelKind::rtl ? "rtl" : "fast"; }

/// How the SAs are probed, and by which model of the card; everything here holds for all.
class LabTest : public testing::TestWithParam<std::tuple<std::string, sim::ModelKind>> {
 protected:
  [[nodiscard]] static std::string link(const std::string& more) {
    return "mode: " + std::get<std::string>(GetParam()) + ", " + more;
  }
  static Outcome run(const std::string& text) { return lab::run(text, std::get<sim::ModelKind>(GetParam())); }
};

INSTANTIATE_TEST_SUITE_P(Modes, LabTest, testing::Combine(testing::Values("card", "host"), testing::ValuesIn(kModels)),
                         [](const auto& parameters) {
                           return std::get<0>(parameters.param) + "_" + name(std::get<1>(parameters.param));
                         });

class LabOfModel : public testing::TestWithParam<sim::ModelKind> {
 protected:
  static Outcome run(const std::string& text) { return lab::run(text, GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Models, LabOfModel, testing::ValuesIn(kModels),
                         [](const auto& parameters) { return name(parameters.param); });

TEST_P(LabTest, AllComeUpAndStayUp) {
  const auto outcome = run(two_nodes(link("sas: 32, interval: 10ms"),
                                     "  - {at: 120ms, expect: west, state: up, sas: 32}\n"
                                     "  - {at: 120ms, expect: east, state: up, sas: 32}\n"));
  EXPECT_EQ(outcome.report.unmet, 0U);
  for (const char* node : {"west", "east"}) {
    EXPECT_TRUE(outcome.changes(node, Liveness::down).empty());
    EXPECT_TRUE(outcome.changes(node, Liveness::suspect).empty());
  }
}

TEST_P(LabTest, ABlackHoleIsFoundWithinTheDetectionTime) {
  const auto outcome = run(two_nodes(link("sas: 16, interval: 5ms, multiplier: 3, delay: 200us"),
                                     "  - {at: 30ms, black_hole: [west, east]}\n"));
  // A sweep of the prober takes 2048 cycles, here of 1 us: what it finds, it finds up to that much later.
  const nanoseconds sweep = 2048us;
  const nanoseconds bound = 15ms + 400us + sweep;
  for (const char* node : {"west", "east"}) {
    const auto down = outcome.changes(node, Liveness::down);
    ASSERT_EQ(down.size(), 16U) << node;
    for (const TimelineEntry& entry : down) {
      EXPECT_LE(entry.since_event, bound);
      EXPECT_GE(entry.since_event, 15ms - 5ms - sweep - 400us) << "the last sign of life is an interval older at most";
      EXPECT_EQ(entry.change->reason, LivenessReason::silence);
    }
  }
}

TEST_P(LabTest, ABlackHoleOfOneSaConcernsNoOther) {
  const auto outcome = run(two_nodes(link("sas: 16, interval: 5ms"),
                                     "  - {at: 30ms, black_hole: [west, east], sa: 5}\n"
                                     "  - {at: 60ms, expect: west, state: down, sas: 1}\n"
                                     "  - {at: 60ms, expect: west, state: up, sas: 15}\n"
                                     "  - {at: 60ms, black_hole: [west, east], sa: 5, present: false}\n"
                                     "  - {at: 90ms, expect: west, state: up, sas: 16}\n"));
  EXPECT_EQ(outcome.report.unmet, 0U);
  const auto down = outcome.changes("west", Liveness::down);
  ASSERT_EQ(down.size(), 1U);
  EXPECT_EQ(down[0].change->name, "west-east/5");
}

TEST_P(LabTest, ACrashIsProvedByTheTokenOfTheNextPacket) {
  const auto outcome = run(two_nodes(link("sas: 16, interval: 10ms, delay: 100us"),
                                     "  - {at: 60ms, crash: east}\n"
                                     "  - {at: 90ms, expect: west, state: lost, sas: 16}\n"
                                     "  - {at: 90ms, rekey: east}\n"
                                     "  - {at: 120ms, expect: west, state: up, sas: 16}\n"
                                     "  - {at: 120ms, expect: east, state: up, sas: 16}\n"));
  EXPECT_EQ(outcome.report.unmet, 0U);
  const auto lost = outcome.changes("west", Liveness::lost);
  ASSERT_EQ(lost.size(), 16U);
  for (const TimelineEntry& entry : lost) {
    EXPECT_EQ(entry.change->reason, LivenessReason::crash_token);
    ASSERT_TRUE(entry.change->evidence.error);
    // The next packet leaves within an interval; then a round trip, and the turns of two hosts.
    EXPECT_LE(entry.since_event, 10ms + 200us + 1ms);
  }
}

TEST_P(LabTest, WithoutTheSecretACrashIsNoticedBySilence) {
  const auto outcome = run(two_nodes(link("sas: 8, interval: 5ms"),
                                     "  - {at: 40ms, crash: east, secret: lost}\n"
                                     "  - {at: 80ms, expect: west, state: down, sas: 8}\n"));
  EXPECT_EQ(outcome.report.unmet, 0U);
  EXPECT_TRUE(outcome.changes("west", Liveness::lost).empty());
  EXPECT_GT(outcome.report.nodes[0].monitor.hints, 0U);
}

TEST_P(LabTest, AnAttackerWithoutKeysChangesNothing) {
  const auto outcome =
      run(two_nodes(link("sas: 8, interval: 10ms"),
                    "  - {at: 30ms, forge: [west, east], victim: west, kind: errors, count: 1500, every: 10us}\n"
                    "  - {at: 50ms, forge: [west, east], victim: west, kind: replays, count: 1500, every: 10us}\n"
                    "  - {at: 80ms, forge: [west, east], victim: east, kind: tampered, count: 1500, every: 10us}\n"
                    "  - {at: 120ms, expect: west, state: up, sas: 8}\n"
                    "  - {at: 120ms, expect: east, state: up, sas: 8}\n"));
  EXPECT_EQ(outcome.report.unmet, 0U);
  for (const TimelineEntry& entry : outcome.timeline) {
    if (entry.change) EXPECT_EQ(entry.change->to, Liveness::up) << entry.change->name;
  }
  EXPECT_GT(outcome.report.nodes[0].monitor.wrong_tokens, 0U);
}

TEST_P(LabTest, ACutLinkComesBack) {
  const auto outcome = run(two_nodes(link("sas: 8, interval: 5ms"),
                                     "  - {at: 30ms, set_link: [west, east], cut: true}\n"
                                     "  - {at: 60ms, expect: west, state: down, sas: 8}\n"
                                     "  - {at: 60ms, expect: east, state: down, sas: 8}\n"
                                     "  - {at: 60ms, set_link: [west, east], cut: false}\n"
                                     "  - {at: 80ms, expect: west, state: up, sas: 8}\n"
                                     "  - {at: 80ms, expect: east, state: up, sas: 8}\n"));
  EXPECT_EQ(outcome.report.unmet, 0U);
}

TEST_P(LabTest, ThePeerIsToldOfAnAdministrativeStop) {
  const auto outcome = run(two_nodes(link("sas: 4, interval: 5ms"),
                                     "  - {at: 30ms, admin: east, link: [west, east], sa: 2, down: true}\n"
                                     "  - {at: 50ms, expect: west, state: admin-down, sas: 1}\n"
                                     "  - {at: 50ms, expect: west, state: up, sas: 3}\n"
                                     "  - {at: 60ms, admin: east, link: [west, east], sa: 2, down: false}\n"
                                     "  - {at: 100ms, expect: west, state: up, sas: 4}\n"));
  EXPECT_EQ(outcome.report.unmet, 0U);
  const auto told = outcome.changes("west", Liveness::admin_down);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].change->reason, LivenessReason::peer_admin);
}

TEST_P(LabTest, ReorderedAndDuplicatedFramesDoNoHarm) {
  const auto outcome =
      run(two_nodes(link("sas: 16, interval: 2ms, delay: 50us, spread: 3ms, duplication: 0.3, multiplier: 8"),
                    "  - {at: 60ms, expect: west, state: up, sas: 16}\n"
                    "  - {at: 60ms, expect: east, state: up, sas: 16}\n",
                    "60ms"));
  EXPECT_EQ(outcome.report.unmet, 0U);
  for (const char* node : {"west", "east"}) EXPECT_TRUE(outcome.changes(node, Liveness::down).empty());
}

TEST_P(LabOfModel, TheModeCanChangeAtRunTime) {
  const auto outcome = run(two_nodes("sas: 8, interval: 5ms, mode: card",
                                     "  - {at: 30ms, set_mode: [west, east], mode: host}\n"
                                     "  - {at: 60ms, set_mode: [west, east], mode: card}\n"
                                     "  - {at: 100ms, expect: west, state: up, sas: 8}\n"));
  EXPECT_EQ(outcome.report.unmet, 0U);
  EXPECT_TRUE(outcome.changes("west", Liveness::down).empty());
}

TEST_P(LabOfModel, EveryEncapsulationWorks) {
  const auto outcome = run(R"(
duration: 40ms
nodes: [a, b, c]
links:
  - {between: [a, b], sas: 4, interval: 5ms, encapsulation: udp}
  - {between: [b, c], sas: 4, interval: 5ms, encapsulation: ah, ipv6: true}
  - {between: [a, c], sas: 4, interval: 5ms, ipv6: true}
events:
  - {at: 40ms, expect: a, state: up, sas: 8}
  - {at: 40ms, expect: b, state: up, sas: 8}
  - {at: 40ms, expect: c, state: up, sas: 8}
)");
  EXPECT_EQ(outcome.report.unmet, 0U);
}

void expect_same_timeline_twice(const std::string& link, sim::ModelKind model) {
  const std::string text = two_nodes(link, "  - {at: 20ms, crash: east}\n", "40ms");
  const auto first = run(text, model);
  const auto second = run(text, model);
  ASSERT_EQ(first.timeline.size(), second.timeline.size());
  for (std::size_t i = 0; i < first.timeline.size(); ++i) {
    EXPECT_EQ(first.timeline[i].time, second.timeline[i].time);
    EXPECT_EQ(first.timeline[i].text, second.timeline[i].text);
  }
}

TEST_P(LabOfModel, TheSameScenarioGivesTheSameTimeline) {
  expect_same_timeline_twice("sas: 4, interval: 5ms, loss: 0.2, spread: 100us", GetParam());
}

TEST(LabOfHosts, TheSameScenarioGivesTheSameTimeline) {
  expect_same_timeline_twice("mode: host, sas: 16, interval: 5ms, loss: 0.2, spread: 100us", sim::ModelKind::fast);
}

TEST_P(LabOfModel, AnExpectationThatIsNotMetIsCounted) {
  const auto outcome =
      run(two_nodes("sas: 2, interval: 5ms", "  - {at: 20ms, expect: west, state: down, sas: 2}\n", "20ms"));
  EXPECT_EQ(outcome.report.unmet, 1U);
}

}  // namespace
}  // namespace sapulse::lab
