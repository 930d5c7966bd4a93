// SPDX-License-Identifier: Apache-2.0
// Reads the headers of frames from outside the card, for tools that watch its ports.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sapulse {

/// Bytes of a frame, consumed from the front. After the first read beyond the end every read gives zeros and good() is
/// false.
class FrameReader {
 public:
  explicit FrameReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::span<const std::byte> take(std::size_t count) {
    if (count > bytes_.size()) {
      good_ = false;
      bytes_ = {};
      return {};
    }
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  std::uint32_t number(std::size_t count) {
    std::uint32_t value = 0;
    for (const std::byte byte : take(count)) value = value << 8 | std::to_integer<std::uint32_t>(byte);
    return value;
  }
  /// Ends after `count` more bytes.
  void limit(std::size_t count) {
    if (count > bytes_.size()) good_ = false;
    bytes_ = bytes_.first(std::min(count, bytes_.size()));
  }
  [[nodiscard]] std::span<const std::byte> rest() const { return bytes_; }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::span<const std::byte> bytes_;
  bool good_ = true;
};

/// Headers of a frame up to the sequence number of ESP or AH. The spans point into the frame.
struct OuterHeaders {
  std::span<const std::byte> macs[2];  // destination, source
  std::vector<std::uint32_t> tags;
  std::span<const std::byte> source;
  std::span<const std::byte> destination;
  std::uint8_t protocol = 0;
  std::uint32_t source_port = 0;
  std::uint32_t destination_port = 0;
  std::uint32_t spi = 0;
  std::uint32_t sequence = 0;
};

/// Leaves the reader behind the sequence number. Nothing for frames without ESP or AH header. Thread-safe.
std::optional<OuterHeaders> read_outer_headers(FrameReader& reader);

/// SPI of the SA that a frame belongs to: that of a customer packet, or of the packet nested in a control message.
/// Nothing for all others. Thread-safe.
std::optional<std::uint32_t> sa_spi(std::span<const std::byte> frame);

}  // namespace sapulse
