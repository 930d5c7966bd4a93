// SPDX-License-Identifier: Apache-2.0
// Somebody who sees what passes the network sides of a card.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace sapulse {

/// The two network sides of a card.
enum class Port : std::uint8_t { line = 0, core = 1 };

/// As the card sees it.
enum class Direction : std::uint8_t { in, out };

/// A frame at a port.
struct PassingFrame {
  Port port;
  Direction direction;
  std::uint64_t time_ns;             ///< since 1970 in real time; in a simulation, its own time
  std::span<const std::byte> bytes;  ///< without preamble and FCS; valid during the call
};

/// Called with the card locked, and by whoever runs it: must be short, and not use the card.
using FrameTap = std::function<void(const PassingFrame& frame)>;

}  // namespace sapulse
