// SPDX-License-Identifier: Apache-2.0
// When a frame reached each block of the card.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sapulse::model {

/// Borders between blocks, in the order in which an answered ping crosses them.
enum class Stage : std::uint8_t {
  received,    ///< first beat taken on line RX
  decided,     ///< policy has decided
  dispatched,  ///< first beat out of control_fifo
  opened,      ///< verdict of open
  sealing,     ///< first beat into respond and seal
  assembling,  ///< first beat out of assemble
  sent         ///< first beat on line TX or core TX
};
inline constexpr std::size_t kStageCount = 7;
inline constexpr std::array<std::string_view, kStageCount> kStageNames{"received", "decided",    "dispatched", "opened",
                                                                       "sealing",  "assembling", "sent"};

/// One frame of the line side.
struct FrameTrace {
  std::uint64_t number = 0;                                        ///< frames received on the line side before it
  std::array<std::optional<std::uint64_t>, kStageCount> cycles{};  ///< nothing: never got there

  /// The cycle of a stage that has been reached.
  [[nodiscard]] std::uint64_t at(Stage stage) const { return (*this)[stage].value_or(0); }
  std::optional<std::uint64_t>& operator[](Stage stage) { return cycles[static_cast<std::size_t>(stage)]; }
  const std::optional<std::uint64_t>& operator[](Stage stage) const { return cycles[static_cast<std::size_t>(stage)]; }
};

}  // namespace sapulse::model
