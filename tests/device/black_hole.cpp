// SPDX-License-Identifier: Apache-2.0
#include "black_hole.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sapulse::test {

std::chrono::nanoseconds expect_black_hole_found(Watch& watch, const LivenessSettings& settings) {
  watch.peer().silence_all();
  const std::uint64_t hole = watch.time();
  watch.until([&] { return watch.all(Liveness::down); }, "all down");
  std::chrono::nanoseconds latest{};
  for (const LivenessChange& change : watch.changes()) {
    if (change.to != Liveness::down) continue;
    EXPECT_EQ(change.reason, LivenessReason::silence) << change.name;
    EXPECT_GT(change.evidence.heard, settings.detection_time()) << change.name << ": too early";
    EXPECT_TRUE(change.evidence.rtt) << change.name;
    const std::chrono::nanoseconds found(change.time - hole);
    EXPECT_LE(found, settings.detection_time() + change.evidence.rtt.value_or(std::chrono::nanoseconds::zero()))
        << change.name;
    latest = std::max(latest, found);
  }
  return latest;
}

}  // namespace sapulse::test
