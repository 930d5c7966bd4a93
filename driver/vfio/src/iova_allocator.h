// SPDX-License-Identifier: Apache-2.0
// Hands out I/O virtual addresses within the ranges that the IOMMU can translate.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace sapulse {

struct IovaRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< inclusive
};

/// Goes round: an address that was freed is used again as late as possible, so that late accesses of a card to it show
/// as faults. Between two allocations one page stays free, so that long ones do, too.
class IovaAllocator {
 public:
  static constexpr std::uint64_t kPage = 4096;

  explicit IovaAllocator(std::vector<IovaRange> ranges);

  /// `bytes`: a multiple of the page size, not 0. `alignment`: a power of two. Nothing when there is no room.
  [[nodiscard]] std::optional<std::uint64_t> allocate(std::uint64_t bytes, std::uint64_t alignment);
  /// `iova` must come from allocate().
  void free(std::uint64_t iova) { used_.erase(iova); }

 private:
  [[nodiscard]] std::optional<std::uint64_t> find(std::uint64_t from, std::uint64_t bytes,
                                                  std::uint64_t alignment) const;

  std::vector<IovaRange> ranges_;                // ascending
  std::map<std::uint64_t, std::uint64_t> used_;  // first address to bytes
  std::uint64_t next_ = 0;
};

}  // namespace sapulse
