// SPDX-License-Identifier: Apache-2.0
// The commit that simulated cards claim to be made from.
#pragma once

#include <cstdint>

namespace sapulse::sim {

/// First 32 bits of the commit, as the card's register GIT_HASH shows them; 0: unknown. A source file of its own, so
/// that a new commit compiles nothing else.
[[nodiscard]] std::uint32_t git_hash();

}  // namespace sapulse::sim
