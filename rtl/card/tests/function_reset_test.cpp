// SPDX-License-Identifier: Apache-2.0
// Every reset of the PCIe function reaches the core: function-level, and by the link (secondary bus reset).
#include <Vfunction_reset_bench.h>
#include <gtest/gtest.h>

namespace sapulse::test {
namespace {

constexpr int kHold = 64;           // of the core, the default
constexpr int kFunctionHold = 256;  // of the function, the default

class FunctionReset : public testing::Test {
 protected:
  FunctionReset() {
    bench_.link_down = 1;
    ticks(4 * kHold);
    bench_.link_down = 0;
    ticks(4 * kHold);
    resets_ = done_ = 0;
  }
  void ticks(int cycles) {
    for (int i = 0; i < cycles; ++i) {
      bench_.clk = 1;
      bench_.eval();
      bench_.clk = 0;
      bench_.eval();
      resets_ += bench_.core_rst;
      done_ += bench_.done;
      if (bench_.done) EXPECT_FALSE(bench_.core_rst) << "it is not done yet";
      bench_.request = 0;
    }
  }

  Vfunction_reset_bench bench_{};
  int resets_ = 0;  ///< cycles of the core in reset
  int done_ = 0;
};

TEST_F(FunctionReset, AFunctionLevelResetReachesTheCoreAndEnds) {
  ticks(1000);
  EXPECT_EQ(resets_, 0);
  for (int times = 1; times <= 3; ++times) {
    bench_.request = 1;
    ticks(3 * kFunctionHold);
    EXPECT_GE(resets_, times * (kHold - 1));
    EXPECT_LE(resets_, times * 2 * kHold);
    EXPECT_EQ(done_, times);
  }
  ticks(4 * kFunctionHold);
  EXPECT_EQ(done_, 3) << "and stays ended";
}

TEST_F(FunctionReset, AResetOfTheBusReachesTheCore) {
  bench_.link_down = 1;
  ticks(1000);
  EXPECT_GE(resets_, kHold - 1);
  EXPECT_LE(resets_, 2 * kHold);
  bench_.link_down = 0;
  ticks(1000);
  EXPECT_EQ(done_, 0) << "nobody waits for it";
}

/// Shorter than the reset that it interrupts.
TEST_F(FunctionReset, ALinkThatIsDownForAMomentEndsAFunctionLevelReset) {
  bench_.request = 1;
  ticks(10);
  EXPECT_TRUE(bench_.active);
  bench_.link_down = 1;
  ticks(20);
  bench_.link_down = 0;
  ticks(1);
  EXPECT_FALSE(bench_.active);
  ticks(1000);
  EXPECT_EQ(done_, 0) << "who has asked has forgotten it";
}

/// It comes when the core has been reset already, and before this has been said.
TEST_F(FunctionReset, ASecondRequestReachesTheCoreToo) {
  bench_.request = 1;
  ticks(kFunctionHold + kHold);
  EXPECT_FALSE(bench_.active);
  resets_ = 0;
  bench_.request = 1;
  ticks(3 * kFunctionHold);
  EXPECT_GE(resets_, kHold - 1);
  EXPECT_EQ(done_, 1);
}

TEST_F(FunctionReset, ALinkThatGoesDownEndsAFunctionLevelReset) {
  bench_.request = 1;
  ticks(10);
  bench_.link_down = 1;
  ticks(1000);
  bench_.link_down = 0;
  ticks(1000);
  EXPECT_EQ(done_, 0);
  EXPECT_LE(resets_, 4 * kHold);
}

}  // namespace
}  // namespace sapulse::test
