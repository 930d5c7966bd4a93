// SPDX-License-Identifier: Apache-2.0
// Everything that a simulated card keeps: the memory that it has allocated and not freed, and the program's variables.
// A Verilated model has all its signals, registers and memories in the former, the fast model what its kernels know in
// the latter. A program that has this in it has allocation functions that remember.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "sapulse/sim/card.h"

namespace sapulse::test {

/// Builds a card whose allocations are remembered, as are those that its functions make later.
Result<std::unique_ptr<sim::Card>> create_recorded_card(const sim::CardOptions& options);

/// Calls `look` for each block of memory that recorded cards hold, and for the program's variables.
void for_each_card_block(const std::function<void(std::span<const std::byte> block)>& look);

}  // namespace sapulse::test
