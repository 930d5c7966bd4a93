// SPDX-License-Identifier: Apache-2.0
#include "source_limits.h"

#include <gtest/gtest.h>

#include <random>

#include "ascon.h"
#include "common/tests/ascon_reference.h"

namespace sapulse::model {
namespace {

constexpr std::uint32_t kInterval = 1000;
constexpr std::uint32_t kBurst = 8;
constexpr std::uint64_t kStart = 1'000'000;
constexpr SourceLimits::Settings kSettings{.interval = kInterval, .burst = kBurst, .key = 0x0123'4567'89ab'cdef};

ap_uint<128> address(std::uint64_t high, std::uint64_t low) { return (ap_uint<64>(high), ap_uint<64>(low)); }

const ap_uint<128> kV4 = address(0, 0x0000'ffff'c633'6401);  // 198.51.100.1
const ap_uint<128> kV6 = address(0x2001'0db8'0000'0000, 7);  // 2001:db8::7

class SourceLimitsTest : public testing::Test {
 protected:
  /// Tokens there are at one moment.
  unsigned drain(std::uint64_t at, const SourceLimits::Settings& settings = kSettings) {
    unsigned tokens = 0;
    while (tokens < 1000 && limits_.take(settings, kV4, at)) ++tokens;
    return tokens;
  }
  SourceLimits limits_;
};

TEST(Ascon, MakesTheStartOfAsconHash256) { EXPECT_EQ(ascon(test::kAsconHashVector, 12), test::kAsconHashStart); }

TEST_F(SourceLimitsTest, BucketsAreFoundByTheKeyedHash) {
  std::mt19937_64 random(kSettings.key);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t key = random();
    const std::uint64_t high = random();
    const std::uint64_t low = random();
    ASSERT_EQ(SourceLimits::index(key, address(high, low)), test::source_bucket(key, high, low));
  }
}

/// Not so of a linear hash, whatever its key is.
TEST_F(SourceLimitsTest, AttackWithAddressesThatSharedABucketOnceLeavesTheVictim) {
  constexpr int kTries = 1000;
  constexpr int kChance = 10;  // tries that may meet by chance: one in 1,024 does
  std::mt19937_64 random(kSettings.key);
  const auto shared = [](std::uint64_t key, std::uint64_t low, std::uint64_t other) {
    return SourceLimits::index(key, address(0, low)) == SourceLimits::index(key, address(0, other));
  };
  int under_another_key = 0;
  int in_the_same_bits = 0;
  for (int i = 0; i < kTries; ++i) {
    const std::uint64_t key = random();
    const std::uint64_t victim = random();
    std::uint64_t flood = random();
    while (!shared(key, victim, flood)) ++flood;
    const std::uint64_t other = random();
    under_another_key += static_cast<int>(shared(random(), victim, flood));
    in_the_same_bits += static_cast<int>(shared(key, other, other ^ victim ^ flood));
  }
  EXPECT_LE(under_another_key, kChance);
  EXPECT_LE(in_the_same_bits, kChance);
}

TEST_F(SourceLimitsTest, WithoutAnIntervalThereIsNoLimit) {
  EXPECT_EQ(drain(kStart, {.interval = 0, .burst = 0, .key = 0}), 1000U);
}

TEST_F(SourceLimitsTest, WithoutABurstNothingPasses) {
  EXPECT_EQ(drain(kStart, {.interval = 5, .burst = 0, .key = 0}), 0U);
}

TEST_F(SourceLimitsTest, ABucketIsFullAtFirstAndAfterALongPause) {
  EXPECT_EQ(drain(kStart), kBurst);
  EXPECT_EQ(drain(kStart + kBurst * kInterval + 1), kBurst);
  EXPECT_EQ(drain(kStart + 100 * kBurst * kInterval), kBurst);
}

TEST_F(SourceLimitsTest, ATokenComesWithEachInterval) {
  drain(kStart);
  EXPECT_EQ(drain(kStart + kInterval - 1), 0U);
  for (unsigned i = 1; i < 50; ++i) EXPECT_EQ(drain(kStart + i * kInterval), 1U) << i;
}

TEST_F(SourceLimitsTest, WhatIsMissedIsMadeUpForOneByOne) {
  drain(kStart);
  EXPECT_EQ(drain(kStart + 5 * kInterval + 10), 5U);
  EXPECT_EQ(drain(kStart + 6 * kInterval), 1U) << "the fraction of an interval is not lost";
}

TEST_F(SourceLimitsTest, AfterAPauseLessThanTwoBurstsPass) {
  for (std::uint64_t pause = 0; pause <= 2 * kBurst * kInterval; pause += 37) {
    SourceLimits fresh;
    limits_ = fresh;
    EXPECT_TRUE(limits_.take(kSettings, kV4, kStart));
    EXPECT_LT(drain(kStart + pause), 2 * kBurst) << pause;
  }
}

TEST_F(SourceLimitsTest, SourcesDoNotTakeEachOthersTokens) {
  drain(kStart);
  EXPECT_TRUE(limits_.take(kSettings, kV6, kStart));
  EXPECT_FALSE(limits_.take(kSettings, kV4, kStart));
}

TEST_F(SourceLimitsTest, TheStampWrapsAround) {
  constexpr std::uint64_t kBefore = (std::uint64_t{1} << 32) - 300;
  EXPECT_EQ(drain(kBefore), kBurst);
  EXPECT_EQ(drain(kBefore + 500), 0U);
  EXPECT_EQ(drain(kBefore + kInterval), 1U);
}

TEST_F(SourceLimitsTest, ASmallerBurstCountsAtOnce) {
  EXPECT_TRUE(limits_.take(kSettings, kV4, kStart));
  EXPECT_EQ(drain(kStart, {.interval = kInterval, .burst = 3, .key = kSettings.key}), 3U);
}

}  // namespace
}  // namespace sapulse::model
