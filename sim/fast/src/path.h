// SPDX-License-Identifier: Apache-2.0
// How messages that the card originates reach the peer of an SA (rtl/sa/path_decode.sv, path_memory.sv).
#pragma once

#include <cstdint>

#include "sapulse/registers.h"
#include "sapulse_payloads.h"

namespace sapulse::sim::fast {

struct Path {
  header_job header;  ///< all that is the same for every message; header makes answers, so its sides are swapped
  std::uint32_t reply_spi;
};

/// A PATH_WRITE that must be refused.
[[nodiscard]] bool is_bad(regs::ConstPathWrite command);
[[nodiscard]] Path make_path(regs::ConstPathWrite command);

}  // namespace sapulse::sim::fast
