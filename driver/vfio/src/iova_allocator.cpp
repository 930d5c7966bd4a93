// SPDX-License-Identifier: Apache-2.0
#include "iova_allocator.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sapulse {

IovaAllocator::IovaAllocator(std::vector<IovaRange> ranges) : ranges_(std::move(ranges)) {
  std::ranges::sort(ranges_, {}, &IovaRange::first);
  // Address 0 means "none" in the card's registers.
  if (!ranges_.empty() && ranges_.front().first == 0) ranges_.front().first = kPage;
}

std::optional<std::uint64_t> IovaAllocator::allocate(std::uint64_t bytes, std::uint64_t alignment) {
  alignment = std::max(alignment, kPage);
  auto iova = find(next_, bytes, alignment);
  if (!iova) iova = find(0, bytes, alignment);
  if (!iova) return std::nullopt;
  used_.emplace(*iova, bytes);
  next_ = *iova + bytes + kPage;
  return iova;
}

std::optional<std::uint64_t> IovaAllocator::find(std::uint64_t from, std::uint64_t bytes,
                                                 std::uint64_t alignment) const {
  for (const IovaRange& range : ranges_) {
    std::uint64_t start = std::max(from, range.first);
    while (start <= range.last) {
      const std::uint64_t aligned = (start + alignment - 1) & ~(alignment - 1);
      if (aligned < start || aligned > range.last || range.last - aligned < bytes - 1) break;
      // The first allocation that ends behind the candidate's begin, guard page included. Differences, since sums may
      // overflow at the top of the address space.
      auto other = used_.upper_bound(aligned);
      if (other != used_.begin()) {
        const auto before = std::prev(other);
        if (aligned - before->first < before->second + kPage) other = before;
      }
      const bool below = other == used_.end() || other->first > aligned;
      if (other == used_.end() || (below && other->first - aligned >= bytes + kPage)) return aligned;
      start = other->first + other->second + kPage;
      if (start < other->first) break;
    }
  }
  return std::nullopt;
}

}  // namespace sapulse
