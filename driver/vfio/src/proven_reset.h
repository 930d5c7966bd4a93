// SPDX-License-Identifier: Apache-2.0
// A reset is believed only when it has been seen: that of a function need not reach what is behind its PCIe block.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sapulse/error.h"

namespace sapulse {

/// The card's register SCRATCH.
struct ScratchRegister {
  std::function<std::uint32_t()> read;
  std::function<void(std::uint32_t)> write;
};

/// Carries `reset` out between a write of SCRATCH and its reading as 0. `card`: its name, for messages. Errors: those
/// of `reset`; device_error (the card does not keep what is written); incompatible (it does, even over the reset).
Result<void> reset_with_proof(const std::string& card, const ScratchRegister& scratch,
                              const std::function<Result<void>()>& reset);

}  // namespace sapulse
