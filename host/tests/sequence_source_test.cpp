// SPDX-License-Identifier: Apache-2.0
// Control sequence numbers across lives and clocks.
#include "sequence_source.h"

#include <gmock/gmock.h>

#include <random>

#include "store_fixture.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

/// Clocks that the test turns, and a disk that remembers.
struct Turned {
  std::uint64_t unix_nanoseconds = 1'800'000'000'000'000'000;
  std::uint64_t uptime = 0;
  std::uint64_t reserved = 0;
  unsigned writes = 0;

  SequenceSource source() {
    return {{[this] { return unix_nanoseconds; }, [this] { return uptime; }},
            reserved,
            [this](std::uint64_t number) -> Result<void> {
              reserved = number;
              ++writes;
              return {};
            }};
  }
};

TEST(SequenceSource, BeginsWithTheUnixTime) {
  Turned turned;
  auto source = turned.source();
  EXPECT_EQ(*source.take(1), turned.unix_nanoseconds + 1);
}

TEST(SequenceSource, TwoLivesInOneSecondBeginApart) {
  Turned first;
  Turned second;
  second.unix_nanoseconds += 1000;
  auto earlier = first.source();
  const std::uint64_t used = *earlier.take(1) + 998;  // one a nanosecond
  EXPECT_GT(*second.source().take(1), used);
}

TEST(SequenceSource, AClockThatIsSetBackWhileItRunsChangesNothing) {
  Turned turned;
  auto source = turned.source();
  const std::uint64_t first = *source.take(1);
  turned.uptime += 1'000'000;
  turned.unix_nanoseconds -= 3'600'000'000'000;
  EXPECT_GT(*source.take(1), first + 1'000'000);
}

TEST(SequenceSource, RefusesAClockBefore2026UnlessItRemembers) {
  Turned turned;
  turned.unix_nanoseconds = 1'767'225'599'999'999'999;
  auto source = turned.source();
  const auto taken = source.take(1);
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("before 2026"));
  EXPECT_FALSE(source.extend());
  EXPECT_EQ(turned.writes, 0U);
  turned.unix_nanoseconds += 1;
  EXPECT_TRUE(turned.source().take(1));
  turned.unix_nanoseconds = 0;
  ASSERT_NE(turned.reserved, 0U);
  const std::uint64_t reserved = turned.reserved;
  EXPECT_GT(*turned.source().take(1), reserved) << "what has been used is on disk";
}

/// The card counts one number per nanosecond from every start on; no later start may lie below.
TEST(SequenceSource, NeverBelowWhatMayHaveBeenUsed) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  Turned turned;
  std::uint64_t used = 0;  // highest number that may have been used
  for (unsigned life = 0; life < 200; ++life) {
    turned.uptime = random() % 1'000'000'000;
    turned.unix_nanoseconds = 1'800'000'000'000'000'000 + random() % 200'000'000'000'000'000;  // either way
    auto source = turned.source();
    for (unsigned i = 0; i < 20; ++i) {
      const auto start = source.take(1);
      ASSERT_TRUE(start);
      ASSERT_GT(*start, used);
      ASSERT_LE(*start, turned.reserved) << "reserved before it is used";
      const std::uint64_t step = random() % 4'000'000'000'000;  // up to about an hour
      turned.uptime += step;
      used = *start + step;
      ASSERT_TRUE(source.extend());
      ASSERT_LT(used, turned.reserved) << "also while it runs";
    }
  }
}

TEST(SequenceSource, WhatIsTakenIsBelowWhatIsReserved) {
  Turned turned;
  auto source = turned.source();
  ASSERT_TRUE(source.take(1));
  for (const int ahead : {-1, 0, 1}) {
    const std::uint64_t least = turned.reserved + static_cast<std::uint64_t>(ahead);
    EXPECT_EQ(*source.take(least), least);
    EXPECT_GT(turned.reserved, least);
  }
}

TEST(SequenceSource, WritesRarely) {
  Turned turned;
  auto source = turned.source();
  for (unsigned i = 0; i < 10000; ++i) {
    turned.uptime += 1'000'000;
    ASSERT_TRUE(source.take(1));
    ASSERT_TRUE(source.extend());
  }
  EXPECT_LE(turned.writes, 2U);
}

TEST(SequenceSource, KeepsALimitFromOutside) {
  Turned turned;
  auto source = turned.source();
  EXPECT_EQ(*source.take(0x7000000000000001), 0x7000000000000001U);
  EXPECT_GT(*source.take(1), 0x7000000000000001U);
  EXPECT_EQ(source.take(0xfffffffffffffff0).error().code, Errc::invalid_argument);
  EXPECT_TRUE(source.take(1)) << "and goes on";
}

}  // namespace
}  // namespace sapulse::test
