// SPDX-License-Identifier: Apache-2.0
#include "mac_run.h"

namespace sapulse::test {
namespace {

constexpr std::size_t kDepth = 16;  // of the frame FIFOs, as given in mac_bench.sv
constexpr int kClockPairs = 10;

TEST(Mac, CarriesWholeFramesBothWays) {
  for (int pair = 0; pair < kClockPairs; ++pair) {
    MacRun run({.rx_chance = 20, .core_ready_chance = 100});
    run.run(6000);
    run.drain();
    EXPECT_GT(run.rx_out(), 20U);
    EXPECT_GT(run.tx_out(), 50U);
  }
}

TEST(Mac, LosesAndCountsWholeFramesWhenTheCoreIsSlow) {
  for (int pair = 0; pair < kClockPairs; ++pair) {
    MacRun run({.rx_chance = 100, .core_ready_chance = 10});
    run.run(6000);
    run.drain();
    EXPECT_GT(run.rx_out(), 5U);
    EXPECT_GT(run.lost(), 50U);
  }
}

TEST(Mac, LosesFramesLongerThanItsBuffer) {
  MacRun run({.rx_chance = 60, .core_ready_chance = 100, .core_valid_chance = 0, .longest = 2 * kDepth});
  run.run(20000);
  run.drain();
  EXPECT_GT(run.rx_out(), 20U);
  EXPECT_GT(run.lost(), 20U);
}

TEST(Mac, SendsNoBadFrame) {
  MacRun run({.bad_chance = 50});
  run.run(20000);
  run.drain();
  EXPECT_GT(run.tx_in(), run.tx_out() + 20);
}

TEST(Mac, KeepsFramesWholeWhenTheLinkFalls) {
  for (int pair = 0; pair < kClockPairs; ++pair) {
    MacRun run({});
    run.run(1000);
    for (int i = 0; i < 10; ++i) {
      run.set_up(false);
      run.run(300);
      run.set_up(true);
      run.run(300);
    }
    EXPECT_GT(run.tx_out(), 20U);
  }
}

TEST(Mac, ADeadPortTakesAndForgetsFrames) {
  MacRun run({.core_valid_chance = 100, .tx_ready_chance = 0});
  run.set_up(false);
  run.run(5000);
  EXPECT_GT(run.tx_in(), 100U);
  EXPECT_EQ(run.tx_out(), 0U);
}

TEST(Mac, KeepsFramesWholeWhenTheCoreIsReset) {
  for (int pair = 0; pair < kClockPairs; ++pair) {
    MacRun run({.bad_chance = 0});
    for (int i = 0; i < 10; ++i) {
      run.run(400);
      run.reset_core();
    }
    run.run(1000);
    EXPECT_GT(run.rx_out(), 20U);
    EXPECT_GT(run.tx_out(), 20U);
  }
}

TEST(Mac, KeepsFramesWholeWhenTheMacIsReset) {
  for (int pair = 0; pair < kClockPairs; ++pair) {
    MacRun run({});
    for (int i = 0; i < 20; ++i) {
      run.run(400);
      run.reset_mac();
    }
    EXPECT_GT(run.rx_out(), 20U);
    EXPECT_GT(run.tx_out(), 20U);
    EXPECT_GT(run.lost(), 0U);
  }
}

}  // namespace
}  // namespace sapulse::test
