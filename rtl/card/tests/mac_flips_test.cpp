// SPDX-License-Identifier: Apache-2.0
#include "mac_run.h"

namespace sapulse::test {
namespace {

constexpr int kRuns = 20;
constexpr int kFlips = 200;  // a run
constexpr int kEdges = 250;  // from one to the next: what was damaged has left by then

// Frames stay whole and in order whatever flips, and one that is not as it came says so with its last beat.
TEST(MacFlips, AChangedFrameIsMarked) {
  std::size_t damaged = 0;
  for (int i = 0; i < kRuns; ++i) {
    MacRun run({.rx_chance = 60, .core_ready_chance = 60, .tx_ready_chance = 60, .bad_chance = 0});
    for (int flip = 0; flip < kFlips; ++flip) {
      run.flip();
      run.run(kEdges);
      ASSERT_FALSE(HasFatalFailure());
    }
    run.drain();
    damaged += run.damaged();
  }
  std::printf("%d flips, %zu frames damaged\n", kRuns * kFlips, damaged);
  EXPECT_GT(damaged, std::size_t{kRuns * kFlips / 50});
}

// Also where the core or the MAC takes part of the frames with it.
TEST(MacFlips, AmongBadFramesAndResets) {
  for (int i = 0; i < kRuns; ++i) {
    MacRun run({.bad_chance = 30});
    for (int flip = 0; flip < kFlips; ++flip) {
      run.flip();
      run.run(kEdges);
      if (flip % 50 == 20) run.reset_core();
      if (flip % 50 == 40) run.reset_mac();
      ASSERT_FALSE(HasFatalFailure());
    }
  }
}

}  // namespace
}  // namespace sapulse::test
