// SPDX-License-Identifier: Apache-2.0
// Frames at the two network sides of a card.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sapulse/frame_tap.h"

namespace sapulse::model {

using sapulse::Port;
inline constexpr std::size_t kPortCount = 2;

/// One Ethernet frame without preamble and FCS, first byte first.
using Frame = std::vector<std::byte>;

/// What a frame still lacks, in the words of whoever gave it in: comes out with it, unread. Empty for a whole frame.
using Unfinished = std::vector<std::byte>;

/// When a frame entered the card. Frames of a port enter in the order in which they were offered.
struct InputTime {
  std::uint64_t first_cycle = 0;  ///< in which its first beat was transferred
  std::uint64_t last_cycle = 0;
};

/// A frame that has come in.
struct Arrival {
  Frame frame;
  bool bad = false;  ///< the MAC marks it as damaged
  InputTime time;
  Unfinished unfinished{};
};

/// A frame that left the card.
struct OutputFrame {
  Frame bytes;
  bool bad = false;               ///< tuser was set on its last beat
  std::uint64_t first_cycle = 0;  ///< in which its first beat was transferred
  std::uint64_t last_cycle = 0;
  std::uint32_t bubbles = 0;  ///< cycles within the frame in which the sink was ready and the card had no beat
  Unfinished unfinished{};
};

/// Frames and bytes that were transferred at one port in one direction since construction.
struct PortCount {
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
};

}  // namespace sapulse::model
