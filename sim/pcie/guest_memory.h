// SPDX-License-Identifier: Apache-2.0
// The guest's memory, mapped into this process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace sapulse::sim {

/// Thread-safe.
class GuestMemory {
 public:
  struct Region {
    std::uint64_t address = 0;  ///< in the guest's physical memory
    std::uint64_t bytes = 0;
    std::int64_t offset = 0;  ///< in the file
    int file = -1;
  };

  GuestMemory() = default;
  ~GuestMemory() { replace({}); }
  GuestMemory(const GuestMemory&) = delete;
  GuestMemory& operator=(const GuestMemory&) = delete;

  /// Forgets the old map. Regions that cannot be mapped are left out. The files stay the caller's.
  void replace(const std::vector<Region>& regions);

  /// All of it or nothing: false when a part is no memory.
  bool read(std::uint64_t address, std::span<std::byte> data) const;
  bool write(std::uint64_t address, std::span<const std::byte> data) const;
  /// An aligned little-endian number, read in one go.
  [[nodiscard]] std::optional<std::uint64_t> read64(std::uint64_t address) const;

 private:
  struct Mapping {
    std::uint64_t address;
    std::uint64_t bytes;
    std::byte* memory;
  };
  [[nodiscard]] std::byte* find(std::uint64_t address, std::size_t bytes) const;

  mutable std::mutex mutex_;
  std::vector<Mapping> mappings_;
};

}  // namespace sapulse::sim
