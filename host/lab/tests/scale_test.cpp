// SPDX-License-Identifier: Apache-2.0
// Liveness at scale and over long times, by the probers of two cards. Times are protocol time; each test says how it is
// stretched.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "outcome.h"

namespace sapulse::lab {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// 300 ns a cycle: a sweep of the prober over 1024 SAs takes 0.61 ms.
TEST(LivenessAtScale, ABlackHoleIsFoundOnEachOf1024Sas) {
  const auto outcome = run(R"(
ns_per_cycle: 300
duration: 70ms
nodes: [west, east]
links: [{between: [west, east], sas: 1024, delay: 1ms, interval: 10ms, multiplier: 3}]
events:
  - {at: 30ms, expect: west, state: up, sas: 1024}
  - {at: 30ms, expect: east, state: up, sas: 1024}
  - {at: 30ms, black_hole: [west, east]}
  - {at: 70ms, expect: west, state: down, sas: 1024}
  - {at: 70ms, expect: east, state: down, sas: 1024}
)");
  EXPECT_EQ(outcome.report.unmet, 0U);
  const nanoseconds bound = 3 * 10ms + 2 * 1ms;  // multiplier x interval + one round trip
  for (const char* node : {"west", "east"}) {
    const auto down = outcome.changes(node, Liveness::kDown);
    EXPECT_EQ(down.size(), 1024U) << node;
    const auto latest = std::ranges::max_element(down, {}, &TimelineEntry::since_event);
    if (latest != down.end()) EXPECT_LE(latest->since_event, bound) << latest->change->name;
  }
}

// The largest card, as fast as it is: 3 ns a cycle, so a sweep takes 0.39 ms, and a probe leaves every 46 cycles.
TEST(LivenessAtScale, ABlackHoleIsFoundOnEachOf65536Sas) {
  const auto outcome = run(R"(
ns_per_cycle: 3
sa_capacity: 65536
duration: 60ms
nodes: [west, east]
links: [{between: [west, east], sas: 65536, delay: 100us, interval: 10ms, multiplier: 3}]
events:
  - {at: 20ms, expect: west, state: up, sas: 65536}
  - {at: 20ms, expect: east, state: up, sas: 65536}
  - {at: 20ms, black_hole: [west, east]}
  - {at: 60ms, expect: west, state: down, sas: 65536}
  - {at: 60ms, expect: east, state: down, sas: 65536}
)",
                           sim::ModelKind::fast);
  EXPECT_EQ(outcome.report.unmet, 0U);
  const nanoseconds bound = 3 * 10ms + 2 * 100us + 400us;  // multiplier x interval, one round trip, one sweep
  for (const char* node : {"west", "east"}) {
    auto down = outcome.changes(node, Liveness::kDown);
    // The first node had nobody to answer it while the second one was set up.
    std::erase_if(down, [](const TimelineEntry& entry) { return entry.time < 20ms; });
    EXPECT_EQ(down.size(), 65536U) << node;
    const auto latest = std::ranges::max_element(down, {}, &TimelineEntry::since_event);
    if (latest != down.end()) EXPECT_LE(latest->since_event, bound) << latest->change->name;
  }
}

// 5 us a cycle: a sweep takes 10 ms, so intervals are ten times as long. 64 SAs at both ends, a probe every 87.5 ms in
// the mean: 14,600 probes in 10 s. One in five gets no reply (a loss of 10.56 % in each direction). Ten lost in a row:
// 14,600 x 0.8 x 0.2^10 = 0.0012 false downs expected.
TEST(LivenessAtScale, NoFalseDownInTenSecondsOfRandomLoss) {
  const auto outcome = run(R"(
ns_per_cycle: 5000
duration: 10s
nodes: [west, east]
links: [{between: [west, east], sas: 64, delay: 1ms, loss: 0.10557, interval: 100ms, multiplier: 10}]
events:
  - {at: 10s, expect: west, state: down, sas: 0}
  - {at: 10s, expect: east, state: down, sas: 0}
)");
  EXPECT_EQ(outcome.report.unmet, 0U);
  for (const NodeReport& node : outcome.report.nodes) {
    EXPECT_TRUE(outcome.changes(node.name, Liveness::kDown).empty()) << node.name;
    const auto probes = node.counters[regs::Counter::kProbes];
    const auto replies = node.counters[regs::Counter::kReplies];
    EXPECT_GT(probes, 6000U);
    // Five standard deviations of 0.2 over 7,000 probes; pings for tokens are few.
    EXPECT_NEAR(static_cast<double>(replies) / static_cast<double>(probes), 0.8, 0.03) << node.name;
  }
}

// 1 us a cycle: half a million forged errors and half a million tampered replies in 3 s.
TEST(LivenessAtScale, AMillionForgedMessagesChangeNoState) {
  const auto outcome = run(R"(
ns_per_cycle: 1000
duration: 3100ms
nodes: [west, east]
links: [{between: [west, east], sas: 16, delay: 100us, interval: 20ms, multiplier: 3}]
events:
  - {at: 40ms, forge: [west, east], victim: west, kind: errors, count: 500000, every: 6us}
  - {at: 40ms, forge: [west, east], victim: west, kind: tampered, count: 500000, every: 6us}
  - {at: 3100ms, expect: west, state: up, sas: 16}
  - {at: 3100ms, expect: east, state: up, sas: 16}
)");
  EXPECT_EQ(outcome.report.unmet, 0U);
  for (const TimelineEntry& entry : outcome.timeline) {
    if (entry.change) EXPECT_EQ(entry.change->to, Liveness::kUp) << entry.change->name;
  }
  EXPECT_GE(outcome.report.wires.at(1).count.injected, 999'000U);
  // Each cause: a burst of 256, then 10,000 a second.
  const auto& victim = outcome.report.nodes.at(0);
  EXPECT_LE(victim.monitor.errors, 256U + 31'000U);
  EXPECT_GT(victim.counters[regs::Counter::kDropLimited], 400'000U);
}

}  // namespace
}  // namespace sapulse::lab
