// SPDX-License-Identifier: Apache-2.0
#include <Vbit_synchronizer.h>
#include <gtest/gtest.h>

#include "random_source.h"

namespace sapulse::test {
namespace {

void tick(Vbit_synchronizer& module) {
  module.clk = 1;
  module.eval();
  module.clk = 0;
  module.eval();
}

TEST(BitSynchronizer, BringsEachBitAfterTwoOrThreeEdges) {
  RandomSource random;
  VerilatedContext context;
  context.randSeed(static_cast<int>(1 + random.below(0x7fffffff)));
  Vbit_synchronizer module(&context);
  module.in = 0;
  module.clk = 0;
  for (int i = 0; i < 10; ++i) tick(module);
  bool apart = false;
  for (int round = 0; round < 200; ++round) {
    const CData before = module.in;
    const CData after = static_cast<CData>(random.below(256));
    module.in = after;
    tick(module);
    ASSERT_EQ(module.out, before);
    tick(module);
    ASSERT_EQ((module.out ^ before) & static_cast<CData>(~(before ^ after)), 0) << "a bit that did not change";
    apart = apart || (module.out != before && module.out != after);
    tick(module);
    ASSERT_EQ(module.out, after);
  }
  EXPECT_TRUE(apart) << "the simulation delays no bit";
}

}  // namespace
}  // namespace sapulse::test
