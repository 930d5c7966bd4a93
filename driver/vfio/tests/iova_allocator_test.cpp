// SPDX-License-Identifier: Apache-2.0
#include "iova_allocator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace sapulse::test {
namespace {

constexpr std::uint64_t kPage = IovaAllocator::kPage;

TEST(IovaAllocator, StaysInsideTheRangesAndNeverOverlaps) {
  const std::vector<IovaRange> ranges = {{0x100000, 0x1fffff}, {0, 0xffff}, {0xfffffffffff00000, 0xffffffffffffffff}};
  IovaAllocator allocator(ranges);
  std::map<std::uint64_t, std::uint64_t> used;
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (unsigned i = 0; i < 20000; ++i) {
    if (!used.empty() && random() % 2 == 0) {
      const auto victim = std::next(used.begin(), static_cast<std::ptrdiff_t>(random() % used.size()));
      allocator.free(victim->first);
      used.erase(victim);
      continue;
    }
    const std::uint64_t bytes = (1 + random() % 16) * kPage;
    const std::uint64_t alignment = std::uint64_t{1} << random() % 17;
    const auto iova = allocator.allocate(bytes, alignment);
    if (!iova) continue;
    ASSERT_NE(*iova, 0U);
    ASSERT_EQ(*iova % std::max(alignment, kPage), 0U);
    const bool inside = std::ranges::any_of(
        ranges, [&](const IovaRange& range) { return *iova >= range.first && *iova + (bytes - 1) <= range.last; });
    ASSERT_TRUE(inside) << std::hex << *iova;
    const auto after = used.upper_bound(*iova);
    if (after != used.end()) ASSERT_LE(*iova + bytes + kPage, after->first);
    if (after != used.begin()) ASSERT_GE(*iova, std::prev(after)->first + std::prev(after)->second + kPage);
    used.emplace(*iova, bytes);
  }
}

TEST(IovaAllocator, UsesFreedAddressesLate) {
  IovaAllocator allocator({{0, 16 * kPage - 1}});
  const auto first = allocator.allocate(kPage, kPage);
  ASSERT_TRUE(first);
  allocator.free(*first);
  const auto second = allocator.allocate(kPage, kPage);
  EXPECT_NE(second, first);
}

TEST(IovaAllocator, SaysWhenThereIsNoRoom) {
  EXPECT_FALSE(IovaAllocator({}).allocate(kPage, kPage));
  IovaAllocator small({{kPage, 3 * kPage - 1}});
  EXPECT_FALSE(small.allocate(3 * kPage, kPage));
  EXPECT_TRUE(small.allocate(2 * kPage, kPage));
  EXPECT_FALSE(small.allocate(kPage, kPage));
}

}  // namespace
}  // namespace sapulse::test
