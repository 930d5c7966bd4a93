// SPDX-License-Identifier: Apache-2.0
// The register window of an opened device, mapped into the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sapulse/error.h"

namespace sapulse {

class RegistersBar {
 public:
  /// Errors: io_error, incompatible (no window, or one that is too small or cannot be mapped).
  static Result<RegistersBar> map(int device, const std::string& name);
  RegistersBar(RegistersBar&& other) noexcept;
  RegistersBar& operator=(RegistersBar&&) = delete;
  ~RegistersBar();

  /// One access of 32 bits, little-endian on the bus. `offset`: a multiple of 4 inside the window.
  [[nodiscard]] std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, std::uint32_t value);

  /// Whether the register description has a register at an offset.
  [[nodiscard]] static bool exists(std::uint32_t offset);

 private:
  RegistersBar(void* window, std::size_t bytes) : window_(window), bytes_(bytes) {}

  void* window_;
  std::size_t bytes_;
};

/// Orders all accesses to memory and registers before it before all after it.
void full_barrier();

}  // namespace sapulse
