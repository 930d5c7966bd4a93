// SPDX-License-Identifier: Apache-2.0
#include "dma_memory.h"

#include <gtest/gtest.h>

namespace sapulse {
namespace {

/// An address space of one page, whose kernel may refuse to unmap.
class OnePage final : public IommuSpace {
 public:
  bool refuses_to_unmap = false;

  [[nodiscard]] int device() const override { return -1; }
  [[nodiscard]] std::string describe() const override { return "one page"; }
  [[nodiscard]] std::vector<IovaRange> ranges() const override {
    return {{.first = IovaAllocator::kPage, .last = 2 * IovaAllocator::kPage - 1}};
  }
  Result<void> map(std::uint64_t /*iova*/, void* /*memory*/, std::size_t /*bytes*/) override { return {}; }
  Result<void> unmap(std::uint64_t /*iova*/, std::size_t /*bytes*/) override {
    if (refuses_to_unmap) return failure(Errc::io_error, "refused");
    return {};
  }
};

TEST(DmaMemory, AnAddressComesBackWithItsMemory) {
  OnePage space;
  DmaAllocator allocator(space);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(allocator.allocate(1, 1)) << i;
}

TEST(DmaMemory, AnAddressThatIsStillMappedIsNotHandedOutAgain) {
  OnePage space;
  DmaAllocator allocator(space);
  space.refuses_to_unmap = true;
  ASSERT_TRUE(allocator.allocate(1, 1));
  const auto again = allocator.allocate(1, 1);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::no_space);
}

}  // namespace
}  // namespace sapulse
