// SPDX-License-Identifier: Apache-2.0
#include "sapulse/model/random.h"

#include <gtest/gtest.h>

namespace sapulse::model {
namespace {

/// As the reference implementation prints them for the seed 0.
TEST(ModelRandom, IsSplitMix64) {
  Random random(0);
  EXPECT_EQ(random.next(), 0xe220a8397b1dcdaf);
  EXPECT_EQ(random.next(), 0x6e789e6aa1b965f4);
  EXPECT_EQ(random.next(), 0x06c45d188009454f);
}

}  // namespace
}  // namespace sapulse::model
