// SPDX-License-Identifier: Apache-2.0
#include <Vcrossing_reset.h>
#include <gtest/gtest.h>

namespace sapulse::test {
namespace {

class CrossingReset : public ::testing::Test {
 protected:
  CrossingReset() {
    module_.a_clk = module_.b_clk = 0;
    module_.a_request = module_.b_request = 0;
    for (int i = 0; i < 100; ++i) tick_a(), tick_b();
  }
  void tick_a() {
    module_.a_clk = 1;
    module_.eval();
    module_.a_clk = 0;
    module_.eval();
  }
  void tick_b() {
    module_.b_clk = 1;
    module_.eval();
    module_.b_clk = 0;
    module_.eval();
  }

  Vcrossing_reset module_;
};

TEST_F(CrossingReset, EitherSideResetsBoth) {
  ASSERT_FALSE(module_.a_rst || module_.b_rst);
  module_.a_request = 1;
  module_.eval();
  EXPECT_TRUE(module_.a_rst && module_.b_rst);
  module_.a_request = 0;
  for (int i = 0; i < 100; ++i) tick_a(), tick_b();
  EXPECT_FALSE(module_.a_rst || module_.b_rst);
  module_.b_request = 1;
  module_.eval();
  EXPECT_TRUE(module_.a_rst && module_.b_rst);
}

TEST_F(CrossingReset, SideAWaitsForASideBWhoseClockStandsStill) {
  module_.a_request = 1;
  module_.eval();
  module_.a_request = 0;
  for (int i = 0; i < 1000; ++i) tick_a();
  EXPECT_TRUE(module_.a_rst && module_.b_rst);
  for (int i = 0; i < 100; ++i) tick_b(), tick_a();
  EXPECT_FALSE(module_.a_rst || module_.b_rst);
}

TEST_F(CrossingReset, ASlowSideAIsResetWhileSideBStillIs) {
  module_.a_request = 1;
  module_.eval();
  module_.a_request = 0;
  int together = 0;
  for (int edge = 0; edge < 200; ++edge) {
    tick_b();
    if (edge % 4 != 3) continue;
    together += module_.a_rst && module_.b_rst;
    tick_a();
  }
  EXPECT_GE(together, 3);
  EXPECT_FALSE(module_.a_rst || module_.b_rst);
}

}  // namespace
}  // namespace sapulse::test
