// SPDX-License-Identifier: Apache-2.0
// When frames reached the blocks of the card: as lines of JSON, and as a picture.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "sapulse/sim/card.h"

namespace sapulse::command {

/// One line for each frame: its number and, for every stage that it reached, the cycle.
std::string transaction_lines(std::span<const sim::FrameTrace> traces);

/// Frames that the picture shows at most: the first that were sent.
inline constexpr std::size_t kPlottedFrames = 64;

/// SVG: a bar for each frame that left the card, from the first beat in to the first beat out, in parts by block.
std::string latency_plot(std::span<const sim::FrameTrace> traces);

}  // namespace sapulse::command
