// SPDX-License-Identifier: Apache-2.0
// Entries of the rings as the library's own types.
#pragma once

#include <cstddef>
#include <span>

#include "sapulse/command.h"
#include "sapulse/registers.h"

namespace sapulse {

/// Decodes one entry of the completion ring.
Completion decode_completion(std::span<const std::byte, regs::kCompletionBytes> entry);

}  // namespace sapulse
