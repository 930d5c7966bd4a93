// SPDX-License-Identifier: Apache-2.0
// The subcommands of the simulator.
#pragma once

#include "simulator.h"
#include "subcommands.h"

namespace sapulse::command {

/// Each adds a subcommand with its options.
void add_sim_command(Command& app);
void add_lab_command(Command& app);

}  // namespace sapulse::command
