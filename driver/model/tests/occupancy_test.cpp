// SPDX-License-Identifier: Apache-2.0
#include "occupancy.h"

#include <gtest/gtest.h>

namespace sapulse::model {
namespace {

TEST(Occupancy, OneAfterTheOther) {
  Occupancy block;
  EXPECT_EQ(block.take(0, 10, 4), 10U);
  EXPECT_EQ(block.take(0, 10, 4), 14U);
  EXPECT_EQ(block.take(0, 17, 2), 18U);
}

TEST(Occupancy, WhoIsThereEarlierComesBefore) {
  Occupancy block;
  EXPECT_EQ(block.take(0, 100, 10), 100U);
  EXPECT_EQ(block.take(0, 90, 10), 90U);
  EXPECT_EQ(block.take(0, 85, 5), 85U);
  EXPECT_EQ(block.take(0, 80, 6), 110U) << "five cycles are no room for six";
}

TEST(Occupancy, FillsAGapBetweenTwo) {
  Occupancy block;
  EXPECT_EQ(block.take(0, 10, 5), 10U);
  EXPECT_EQ(block.take(0, 20, 5), 20U);
  EXPECT_EQ(block.take(0, 12, 5), 15U);
  EXPECT_EQ(block.take(0, 12, 1), 25U);
}

TEST(Occupancy, ForgetsWhatIsOver) {
  Occupancy block;
  EXPECT_EQ(block.take(0, 10, 5), 10U);
  EXPECT_EQ(block.take(15, 15, 5), 15U);
  block.clear();
  EXPECT_EQ(block.take(15, 15, 5), 15U);
}

}  // namespace
}  // namespace sapulse::model
