// SPDX-License-Identifier: Apache-2.0
#include "host_memory.h"

#include <gtest/gtest.h>

namespace sapulse::model {
namespace {

TEST(HostMemory, GivesZeroedAlignedMemory) {
  HostMemory memory;
  for (const std::size_t alignment : {1U, 64U, 4096U, 2U << 20}) {
    const auto iova = memory.map(100, alignment);
    ASSERT_TRUE(iova) << iova.error().message;
    EXPECT_EQ(*iova % alignment, 0U);
    EXPECT_EQ(memory.region(*iova).size(), 100U);
    for (const std::byte byte : memory.region(*iova)) EXPECT_EQ(byte, std::byte{0});
  }
}

TEST(HostMemory, FindsOnlyWhatLiesInsideOneRegion) {
  HostMemory memory;
  const std::uint64_t first = memory.map(4096, 4096).value();
  const std::uint64_t second = memory.map(4096, 4096).value();
  EXPECT_EQ(memory.find(first, 4096).size(), 4096U);
  EXPECT_EQ(memory.find(first + 4095, 1).data(), &memory.region(first)[4095]);
  EXPECT_TRUE(memory.find(first, 4097).empty());
  EXPECT_TRUE(memory.find(first - 1, 1).empty());
  EXPECT_TRUE(memory.find(first + 4096, 1).empty());
  EXPECT_TRUE(memory.find(~std::uint64_t{0}, 64).empty());
  EXPECT_TRUE(memory.find(0, 1).empty());
  EXPECT_GT(second, first + 4096) << "regions must not touch";
}

TEST(HostMemory, ForgetsUnmappedMemoryForGood) {
  HostMemory memory;
  const std::uint64_t iova = memory.map(64, 64).value();
  memory.unmap(iova);
  EXPECT_TRUE(memory.find(iova, 1).empty());
  EXPECT_NE(memory.map(64, 64).value(), iova);
}

TEST(HostMemory, RefusesBadRequests) {
  HostMemory memory;
  EXPECT_EQ(memory.map(0, 64).error().code, Errc::invalid_argument);
  EXPECT_EQ(memory.map(64, 0).error().code, Errc::invalid_argument);
  EXPECT_EQ(memory.map(64, 48).error().code, Errc::invalid_argument);
  EXPECT_EQ(memory.map(64, 4U << 20).error().code, Errc::invalid_argument);
  EXPECT_EQ(memory.map(std::size_t{1} << 40, 64).error().code, Errc::no_space);
}

}  // namespace
}  // namespace sapulse::model
