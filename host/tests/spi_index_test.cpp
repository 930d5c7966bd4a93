// SPDX-License-Identifier: Apache-2.0
// Placement in the SPI index, without a card.
#include "spi_index.h"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

#include "fake_device.h"

namespace sapulse::test {
namespace {

TEST(SpiIndex, HashesLikeTheDescription) {
  const SpiIndex index(1U << 16);
  for (const std::uint32_t spi : {0U, 1U, 0x100U, 0xdeadbeefU, 0x80000000U, 0xffffffffU}) {
    for (unsigned bank = 0; bank < regs::kIndexBanks; ++bank) {
      EXPECT_EQ(index.bucket(bank, spi), index_hash(bank, spi) & 0xffff) << spi;
    }
  }
}

/// Applies a plan step by step: whatever a step overwrites must be found elsewhere already.
void apply_checked(SpiIndex& index, const std::vector<IndexStep>& plan) {
  for (const IndexStep& step : plan) {
    const IndexEntry overwritten = index.at(step.slot);
    index.apply(step);
    if (overwritten.valid) ASSERT_EQ(index.find(overwritten.spi).size(), 1U) << overwritten.spi;
    ASSERT_FALSE(index.find(step.entry.spi).empty());
  }
}

class FillTest : public testing::TestWithParam<std::uint32_t> {};

TEST_P(FillTest, HoldsExactlyItsCapacity) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  SpiIndex index(GetParam() / 2);
  std::unordered_map<std::uint32_t, std::uint32_t> reference;
  std::size_t moves = 0;
  while (reference.size() < GetParam()) {
    const std::uint32_t spi = random();
    const auto sa = static_cast<std::uint32_t>(reference.size());
    if (!reference.emplace(spi, sa).second) continue;
    const auto plan = index.plan_insert(spi, sa);
    ASSERT_TRUE(plan) << "after " << sa << " SAs";
    moves += plan->size() - 1;
    ASSERT_NO_FATAL_FAILURE(apply_checked(index, *plan));
  }
  for (const auto& [spi, sa] : reference) {
    const auto slots = index.find(spi);
    ASSERT_EQ(slots.size(), 1U);
    ASSERT_EQ(index.at(slots.front()).sa, sa);
  }
  RecordProperty("moves", std::to_string(moves));
}
INSTANTIATE_TEST_SUITE_P(Capacities, FillTest, testing::Values(2, 4, 64, 1024, 16384, 65536));

TEST(SpiIndex, SequentialSpisFit) {
  SpiIndex index(512);
  for (std::uint32_t i = 0; i < 1024; ++i) {
    const auto plan = index.plan_insert(0xc0000000 + i, i);
    ASSERT_TRUE(plan) << i;
    ASSERT_NO_FATAL_FAILURE(apply_checked(index, *plan));
  }
}

TEST(SpiIndex, MovesHappenAndAFullIndexIsRefused) {
  // Twice the load that the card is built for: chains become long, and in the end there is no room.
  std::mt19937 random(7);
  SpiIndex index(64);
  std::size_t longest = 0;
  std::uint32_t installed = 0;
  for (;; ++installed) {
    const auto plan = index.plan_insert(random(), installed);
    if (!plan) break;
    longest = std::max(longest, plan->size());
    ASSERT_NO_FATAL_FAILURE(apply_checked(index, *plan));
  }
  EXPECT_GT(longest, 2U);
  EXPECT_GT(installed, 128U);
  EXPECT_LE(installed, 256U);
}

}  // namespace
}  // namespace sapulse::test
