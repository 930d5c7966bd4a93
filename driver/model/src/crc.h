// SPDX-License-Identifier: Apache-2.0
// Reflected CRCs of 32 bits as the card's hashes take them (rtl/common/crc_hash.sv): initial value 0, nothing inverted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sapulse::model {

/// Goes on from `crc` with more bytes.
constexpr std::uint32_t crc32(std::uint32_t polynomial, std::span<const std::uint8_t> bytes, std::uint32_t crc = 0) {
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? polynomial : 0);
  }
  return crc;
}

/// The CRCs of all single bytes, for one polynomial: a CRC in steps of bytes.
class CrcTable {
 public:
  explicit constexpr CrcTable(std::uint32_t polynomial) {
    for (std::size_t i = 0; i < crcs_.size(); ++i) {
      crcs_[i] = crc32(polynomial, std::array{static_cast<std::uint8_t>(i)});
    }
  }
  /// crc32() of bytes.
  [[nodiscard]] constexpr std::uint32_t of(std::span<const std::uint8_t> bytes) const {
    std::uint32_t crc = 0;
    for (const std::uint8_t byte : bytes) crc = crc >> 8 ^ crcs_[(crc ^ byte) & 0xff];
    return crc;
  }

 private:
  std::array<std::uint32_t, 256> crcs_{};
};

/// The bytes of a number, big-endian.
template <std::size_t Size>
constexpr std::array<std::uint8_t, Size> big_endian(std::uint64_t number) {
  std::array<std::uint8_t, Size> bytes{};
  for (std::size_t i = 0; i < Size; ++i) bytes[i] = static_cast<std::uint8_t>(number >> 8 * (Size - 1 - i));
  return bytes;
}

}  // namespace sapulse::model
