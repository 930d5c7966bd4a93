// SPDX-License-Identifier: Apache-2.0
#include "occupancy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sapulse/model/random.h"

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

/// Cycle by cycle: taken is the first place where all cycles are free.
TEST(Occupancy, TakesTheFirstPlaceThatIsLongEnough) {
  Random random(7);
  for (int round = 0; round < 50; ++round) {
    Occupancy block;
    std::vector<bool> busy(4000);
    std::uint64_t now = 0;
    for (int i = 0; i < 100; ++i) {
      now += random.next() % 12;
      const std::uint64_t earliest = now + random.next() % 60;
      const std::uint64_t cycles = 1 + random.next() % 9;
      const std::vector<bool> wanted(cycles, false);
      const auto place =
          std::search(busy.begin() + static_cast<std::ptrdiff_t>(earliest), busy.end(), wanted.begin(), wanted.end());
      ASSERT_EQ(block.take(now, earliest, cycles), static_cast<std::uint64_t>(place - busy.begin())) << round;
      std::fill_n(place, cycles, true);
    }
  }
}

}  // namespace
}  // namespace sapulse::model
