// SPDX-License-Identifier: Apache-2.0
// Numbers of a capture file, which are in the byte order of the machine that has written it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace sapulse::command {

/// Reads from the front of some bytes. Ask has() first: reading more than there is is undefined.
class CaptureCursor {
 public:
  explicit CaptureCursor(std::span<const std::byte> bytes, bool swapped = false) : bytes_(bytes), swapped_(swapped) {}

  void set_swapped(bool swapped) { swapped_ = swapped; }
  [[nodiscard]] bool has(std::size_t count) const { return bytes_.size() >= count; }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }

  std::uint16_t get16() { return swapped_ ? __builtin_bswap16(get<std::uint16_t>()) : get<std::uint16_t>(); }
  std::uint32_t get32() { return swapped_ ? __builtin_bswap32(get<std::uint32_t>()) : get<std::uint32_t>(); }
  std::span<const std::byte> get(std::size_t count) {
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  /// A part of its own, in the same byte order.
  CaptureCursor part(std::size_t count) { return CaptureCursor(get(count), swapped_); }

 private:
  template <class Number>
  Number get() {
    Number number = 0;
    std::memcpy(&number, get(sizeof number).data(), sizeof number);
    return number;
  }

  std::span<const std::byte> bytes_;
  bool swapped_;
};

}  // namespace sapulse::command
