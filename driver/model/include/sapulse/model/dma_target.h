// SPDX-License-Identifier: Apache-2.0
// What answers the card's accesses to host memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sapulse::model {

/// Host memory, wherever it is: in this process, in that of a virtual machine, behind a run-time library. Called in the
/// cycle in which an access takes effect; bursts of the card come in one piece as far as they are contiguous.
class DmaTarget {
 public:
  virtual ~DmaTarget() = default;
  DmaTarget() = default;
  DmaTarget(const DmaTarget&) = delete;
  DmaTarget& operator=(const DmaTarget&) = delete;

  /// Fills `data` with the memory from `iova` on. False: not all of it is memory that the card has been given.
  virtual bool read(std::uint64_t iova, std::span<std::byte> data) = 0;
  /// The other way. False: as above; nothing or a part of it has been written.
  virtual bool write(std::uint64_t iova, std::span<const std::byte> data) = 0;
};

}  // namespace sapulse::model
