// SPDX-License-Identifier: Apache-2.0
// Entries of the rings as the library's own types.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sapulse/command.h"
#include "sapulse/registers.h"

namespace sapulse {

/// A byte string of an entry; both have the same size.
inline void copy_bytes(std::span<const std::byte> from, std::span<std::uint8_t> to) {
  std::ranges::transform(from, to.begin(), [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
}

/// Decodes one entry of the completion ring.
Completion decode_completion(std::span<const std::byte, regs::kCompletionBytes> entry);

}  // namespace sapulse
