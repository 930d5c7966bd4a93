// SPDX-License-Identifier: Apache-2.0
#include "sapulse/sim/wire.h"

#include <gmock/gmock.h>

namespace sapulse::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Frame frame(unsigned mark) {
  return {std::byte{static_cast<std::uint8_t>(mark)}, std::byte{static_cast<std::uint8_t>(mark >> 8)}};
}
unsigned mark(const Frame& frame) {
  return std::to_integer<unsigned>(frame[0]) | std::to_integer<unsigned>(frame[1]) << 8;
}

std::vector<unsigned> marks(const std::vector<Frame>& frames) {
  std::vector<unsigned> all;
  for (const Frame& one : frames) all.push_back(mark(one));
  return all;
}

Wire wire(const WireConditions& conditions) {
  Wire made(7);
  EXPECT_TRUE(made.set_conditions(conditions));
  return made;
}

TEST(Wire, DelaysEachFrame) {
  Wire line = wire({.delay = 100});
  line.offer(10, frame(1));
  line.offer(20, frame(2));
  EXPECT_THAT(line.take(109), IsEmpty());
  EXPECT_THAT(marks(line.take(110)), ElementsAre(1));
  EXPECT_THAT(marks(line.take(120)), ElementsAre(2));
  EXPECT_TRUE(line.empty());
}

TEST(Wire, KeepsTheOrderWithoutSpread) {
  Wire line = wire({.delay = 5});
  for (unsigned i = 0; i < 100; ++i) line.offer(3, frame(i));
  std::vector<unsigned> expected(100);
  for (unsigned i = 0; i < 100; ++i) expected[i] = i;
  EXPECT_EQ(marks(line.take(8)), expected);
}

TEST(Wire, SpreadReordersWithinItsBounds) {
  Wire line = wire({.delay = 50, .spread = 30});
  for (unsigned i = 0; i < 200; ++i) line.offer(i, frame(i));
  EXPECT_THAT(line.take(49), IsEmpty());
  std::vector<unsigned> arrived;
  for (std::uint64_t cycle = 50; cycle <= 199 + 80; ++cycle) {
    for (const unsigned one : marks(line.take(cycle))) {
      EXPECT_GE(cycle, one + 50);
      EXPECT_LE(cycle, one + 80);
      arrived.push_back(one);
    }
  }
  EXPECT_EQ(arrived.size(), 200U);
  EXPECT_FALSE(std::ranges::is_sorted(arrived));
}

TEST(Wire, LosesAndDuplicatesAsOftenAsTold) {
  Wire line = wire({.loss = 0.2, .duplication = 0.1});
  constexpr unsigned kFrames = 20'000;
  for (unsigned i = 0; i < kFrames; ++i) line.offer(i, frame(i));
  const auto arrived = line.take(kFrames);
  const WireCount& count = line.count();
  // Five standard deviations: sqrt(20000 * 0.2 * 0.8) = 57, sqrt(16000 * 0.1 * 0.9) = 38.
  EXPECT_NEAR(static_cast<double>(count.lost), 4000, 285);
  EXPECT_NEAR(static_cast<double>(count.duplicated), 1600, 190);
  EXPECT_EQ(arrived.size(), kFrames - count.lost + count.duplicated);
  EXPECT_EQ(count.delivered, arrived.size());
}

TEST(Wire, CutLosesEverythingButWhatIsUnderWay) {
  Wire line = wire({.delay = 10});
  line.offer(0, frame(1));
  ASSERT_TRUE(line.set_conditions({.delay = 10, .cut = true}));
  line.offer(1, frame(2));
  ASSERT_TRUE(line.set_conditions({.delay = 10}));
  line.offer(2, frame(3));
  EXPECT_THAT(marks(line.take(100)), ElementsAre(1, 3));
  EXPECT_EQ(line.count().cut, 1U);
}

TEST(Wire, FilterTakesWhatItLikes) {
  Wire line = wire({});
  line.set_filter([](std::span<const std::byte> bytes) { return bytes[0] == std::byte{2}; });
  for (unsigned i = 1; i <= 3; ++i) line.offer(0, frame(i));
  EXPECT_THAT(marks(line.take(0)), ElementsAre(1, 3));
  EXPECT_EQ(line.count().filtered, 1U);
}

TEST(Wire, InjectedFramesPassAnything) {
  Wire line = wire({.delay = 10, .loss = 1, .cut = true});
  line.inject(5, frame(9));
  EXPECT_THAT(marks(line.take(5)), ElementsAre(9));
  EXPECT_EQ(line.count().injected, 1U);
}

TEST(Wire, RefusesWhatIsNoProbability) {
  Wire line(1);
  for (const double bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_FALSE(line.set_conditions({.loss = bad}));
    EXPECT_FALSE(line.set_conditions({.duplication = bad}));
  }
}

}  // namespace
}  // namespace sapulse::sim
