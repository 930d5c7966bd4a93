// SPDX-License-Identifier: Apache-2.0
// Values of all registers of the description (contract/description/registers.yaml), without what reading and writing
// them does.
#pragma once

#include <cstdint>
#include <vector>

#include "sapulse/registers.h"

namespace sapulse::model {

class RegisterFile {
 public:
  RegisterFile();

  /// All registers at their reset values; those that depend on the build at 0.
  void reset();

  /// Whether a 32-bit access of the bus to `offset` has a register behind it.
  [[nodiscard]] bool readable(std::uint32_t offset) const;
  [[nodiscard]] bool writable(std::uint32_t offset) const;
  /// What the bus reads there is 0.
  [[nodiscard]] bool write_only(std::uint32_t offset) const;

  /// A write of the bus: bits that do not exist stay 0; of 64-bit registers, the high half commits both.
  /// Returns whether the value of a register may have changed.
  bool store(std::uint32_t offset, std::uint32_t value);

  [[nodiscard]] std::uint32_t get(std::uint32_t offset) const { return values_[offset / 4]; }
  void set(std::uint32_t offset, std::uint32_t value) { values_[offset / 4] = value; }
  [[nodiscard]] std::uint64_t get64(std::uint32_t offset) const {
    return static_cast<std::uint64_t>(get(offset + 4)) << 32 | get(offset);
  }
  void set64(std::uint32_t offset, std::uint64_t value) {
    set(offset, static_cast<std::uint32_t>(value));
    set(offset + 4, static_cast<std::uint32_t>(value >> 32));
  }

 private:
  std::vector<std::uint32_t> values_;
  std::vector<std::uint32_t> pending_;  // low halves that wait for their high half
};

}  // namespace sapulse::model
