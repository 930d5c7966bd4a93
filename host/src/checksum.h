// SPDX-License-Identifier: Apache-2.0
// Checksums of what is on disk.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sapulse {

inline constexpr std::size_t kChecksumBytes = 8;

/// First bytes of SHA-256: against torn writes and bit rot, not against forgery.
std::array<std::uint8_t, kChecksumBytes> checksum(std::span<const std::uint8_t> bytes);

/// The same as hex digits, for text.
std::string checksum_text(std::string_view text);

}  // namespace sapulse
