// SPDX-License-Identifier: Apache-2.0
#include <Vreset_synchronizer.h>
#include <gtest/gtest.h>

namespace sapulse::test {
namespace {

constexpr int kStages = 4;  // the default

void tick(Vreset_synchronizer& module) {
  module.clk = 1;
  module.eval();
  module.clk = 0;
  module.eval();
}

TEST(ResetSynchronizer, RisesWithoutAClock) {
  Vreset_synchronizer module;
  module.clk = module.async_rst = 0;
  for (int i = 0; i < 10; ++i) tick(module);
  ASSERT_EQ(module.rst, 0);
  module.async_rst = 1;
  module.eval();
  EXPECT_EQ(module.rst, 1);
}

TEST(ResetSynchronizer, FallsAfterAllStages) {
  Vreset_synchronizer module;
  module.clk = 0;
  module.async_rst = 1;
  module.eval();
  for (int i = 0; i < 10; ++i) tick(module);
  ASSERT_EQ(module.rst, 1);
  module.async_rst = 0;
  module.eval();
  for (int edge = 1; edge < kStages; ++edge) {
    tick(module);
    EXPECT_EQ(module.rst, 1) << "edge " << edge;
  }
  tick(module);
  EXPECT_EQ(module.rst, 0);
}

TEST(ResetSynchronizer, StretchesAShortPulse) {
  Vreset_synchronizer module;
  module.clk = module.async_rst = 0;
  for (int i = 0; i < 10; ++i) tick(module);
  module.async_rst = 1;
  module.eval();
  module.async_rst = 0;
  module.eval();
  EXPECT_EQ(module.rst, 1);
  tick(module);
  EXPECT_EQ(module.rst, 1);
}

}  // namespace
}  // namespace sapulse::test
