// SPDX-License-Identifier: Apache-2.0
// Random numbers that nobody can foretell.
#pragma once

#include <cstdint>
#include <span>

#include "sapulse/error.h"

namespace sapulse {

/// Fills memory from the operating system (getrandom). Errors: io_error.
Result<void> fill_random(std::span<std::uint8_t> bytes);

}  // namespace sapulse
