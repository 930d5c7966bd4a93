// SPDX-License-Identifier: Apache-2.0
// Several frames in one packet, each behind its length of two bytes, little-endian.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sapulse/error.h"

namespace sapulse::sim::xrt {

inline constexpr std::size_t kPacketLimit = 1 << 16;  ///< bytes of a packet, with its kind and port

/// Appends a frame; false, and the packet as it was, if it has no room for it.
[[nodiscard]] bool append_frame(std::vector<std::byte>& packet, std::span<const std::byte> frame);

/// The frames behind kind and port. Errors: parse_error (the lengths do not fit the packet).
Result<std::vector<std::vector<std::byte>>> read_frames(std::span<const std::byte> list);

}  // namespace sapulse::sim::xrt
