// SPDX-License-Identifier: Apache-2.0
// Big-endian fields of frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sapulse {

/// Appends fields in wire order.
class ByteWriter {
 public:
  void put8(std::uint8_t value) { bytes_.push_back(value); }
  void put16(std::uint16_t value) { put_number(value, 2); }
  void put32(std::uint32_t value) { put_number(value, 4); }
  void put(std::span<const std::uint8_t> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void pad_to(std::size_t size) {
    if (bytes_.size() < size) bytes_.resize(size);
  }

  /// Overwrites two bytes that have been written before.
  void patch16(std::size_t offset, std::uint16_t value) {
    bytes_.at(offset) = static_cast<std::uint8_t>(value >> 8);
    bytes_.at(offset + 1) = static_cast<std::uint8_t>(value);
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  void put_number(std::uint32_t value, unsigned size) {
    for (unsigned i = size; i-- > 0;) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }

  std::vector<std::uint8_t> bytes_;
};

/// Reads fields in wire order; a read beyond the end yields 0 and makes the reader bad.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes, std::size_t offset = 0) : bytes_(bytes), offset_(offset) {}

  [[nodiscard]] std::uint8_t get8() { return static_cast<std::uint8_t>(get_number(1)); }
  [[nodiscard]] std::uint16_t get16() { return static_cast<std::uint16_t>(get_number(2)); }
  [[nodiscard]] std::uint32_t get32() { return get_number(4); }
  [[nodiscard]] std::span<const std::uint8_t> get(std::size_t size) {
    if (!has(size)) return {};
    const auto part = bytes_.subspan(offset_, size);
    offset_ += size;
    return part;
  }
  void skip(std::size_t size) {
    if (has(size)) offset_ += size;
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  bool has(std::size_t size) {
    if (good_ && (offset_ > bytes_.size() || bytes_.size() - offset_ < size)) good_ = false;
    return good_;
  }
  std::uint32_t get_number(std::size_t size) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : get(size)) value = value << 8 | byte;
    return value;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t offset_;
  bool good_ = true;
};

}  // namespace sapulse
