// SPDX-License-Identifier: Apache-2.0
// MSI-X table and pending bits, as software sees them in their BAR.
#pragma once

#include <cstdint>
#include <vector>

#include "config_space.h"

namespace sapulse::sim {

/// Not thread-safe.
class MsixTable {
 public:
  static constexpr unsigned kEntryBytes = 16;

  explicit MsixTable(unsigned vectors) : words_(vectors * kEntryBytes / 4) { reset(); }

  /// `bytes`: 4 or 8, aligned. Offsets outside of table and pending bits read 0 and ignore writes.
  [[nodiscard]] std::uint64_t read(std::uint32_t offset, unsigned bytes) const;
  void write(std::uint32_t offset, std::uint64_t value, unsigned bytes);
  /// Every vector masked, nothing pending.
  void reset();

  [[nodiscard]] bool masked(unsigned vector) const;
  [[nodiscard]] MsiMessage message(unsigned vector) const;
  [[nodiscard]] bool pending(unsigned vector) const { return (pending_ >> vector & 1) != 0; }
  void set_pending(unsigned vector, bool pending);

 private:
  [[nodiscard]] std::uint32_t read_word(std::uint32_t offset) const;
  void write_word(std::uint32_t offset, std::uint32_t value);

  std::vector<std::uint32_t> words_;
  std::uint32_t pending_ = 0;
};

}  // namespace sapulse::sim
