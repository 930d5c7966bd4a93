// SPDX-License-Identifier: Apache-2.0
// Liveness at scale, by the probers of two cards; what a single card must do is in /tests/device. Times are protocol
// time.
#include <gmock/gmock.h>

#include <algorithm>

#include "outcome.h"

namespace sapulse::lab {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

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
    auto down = outcome.changes(node, Liveness::down);
    // The first node had nobody to answer it while the second one was set up.
    std::erase_if(down, [](const TimelineEntry& entry) { return entry.time < 20ms; });
    EXPECT_EQ(down.size(), 65536U) << node;
    const auto latest = std::ranges::max_element(down, {}, &TimelineEntry::since_event);
    if (latest != down.end()) EXPECT_LE(latest->since_event, bound) << latest->change->name;
  }
}

}  // namespace
}  // namespace sapulse::lab
