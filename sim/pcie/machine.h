// SPDX-License-Identifier: Apache-2.0
// A virtual machine with the simulated card in it.
#pragma once

#include <optional>

#include "qemu.h"
#include "sapulse/sim/card.h"

namespace sapulse::sim {

/// Runs the machine until it is switched off. The result is what the guest has reported last with the request "exit
/// STATUS"; nothing when it has not reported. Errors: those of Card::create, io_error (QEMU).
Result<std::optional<int>> run_machine(const MachineOptions& machine, const CardOptions& card);

}  // namespace sapulse::sim
