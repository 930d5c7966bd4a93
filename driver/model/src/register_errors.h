// SPDX-License-Identifier: Apache-2.0
// What a user is told about accesses to registers that cannot be.
#pragma once

#include <cstdint>

#include "sapulse/error.h"

namespace sapulse::model {

/// `what`: "read of" or "write to". Errors: invalid_argument (outside of the window, or not a multiple of 4).
Result<void> check_register(const char* what, std::uint32_t offset);

/// The card has answered with a bus error: there is no such register.
tl::unexpected<Error> bus_error(const char* what, std::uint32_t offset);

}  // namespace sapulse::model
