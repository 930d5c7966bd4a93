// SPDX-License-Identifier: Apache-2.0
// How messages that the card originates reach the peer of an SA (rtl/sa/path_decode.sv, path_memory.sv).
#pragma once

#include <cstdint>

#include "sapulse/registers.h"
#include "sapulse_payloads.h"

namespace sapulse::model {

/// A PATH_WRITE that must be refused.
[[nodiscard]] bool is_bad(regs::ConstPathWrite command);
/// All that is the same for every message; the kernel header makes answers, so its sides are swapped.
[[nodiscard]] header_job make_path(regs::ConstPathWrite command);

}  // namespace sapulse::model
