// SPDX-License-Identifier: Apache-2.0
// Counters of a card.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sapulse/registers.h"

#pragma GCC visibility push(default)
namespace sapulse {

using regs::Counter;

/// Values of all counters. Each is exact; they are read one after the other, so sums hold only while the card is at
/// rest.
class Counters {
 public:
  std::uint64_t& operator[](Counter counter) { return values_.at(static_cast<std::size_t>(counter)); }
  std::uint64_t operator[](Counter counter) const { return values_.at(static_cast<std::size_t>(counter)); }

  /// By name, lower case: "line_rx_frames".
  [[nodiscard]] std::optional<std::uint64_t> find(std::string_view name) const;
  /// Name of the counter at a position, 0..size() - 1.
  [[nodiscard]] static std::string_view name(std::size_t position);
  [[nodiscard]] static constexpr std::size_t size() { return regs::kCounterCount; }

  /// All frames that were dropped, whatever the cause.
  [[nodiscard]] std::uint64_t dropped() const;

  /// LINE_RX_FRAMES - (PASSED + DROP_* + ANSWERED + ECHO_ANSWERED + KEEPALIVE + HOST + REPLIES): 0 when the card is at
  /// rest.
  [[nodiscard]] std::int64_t unaccounted() const;

 private:
  std::array<std::uint64_t, regs::kCounterCount> values_{};
};

}  // namespace sapulse
#pragma GCC visibility pop
