// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim_options.h"

namespace sapulse::command {

/// Exit codes of every subcommand.
enum ExitCode : int {
  exit_good = 0,
  exit_device = 1,  ///< the card failed
  exit_usage = 2    ///< bad option or file
};

/// Prints "sapulse: message" on standard error.
void complain(const std::string& message);

/// `sapulse sim`. Returns the exit code; messages go to standard error.
int run_sim(const SimOptions& options);

}  // namespace sapulse::command
