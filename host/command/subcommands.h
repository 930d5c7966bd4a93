// SPDX-License-Identifier: Apache-2.0
// The subcommands of `sapulse`: each adds itself with its options.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "sapulse/error.h"

namespace sapulse::command {

/// Exit codes of every subcommand.
enum ExitCode : int {
  exit_good = 0,
  exit_device = 1,  ///< the card failed
  exit_usage = 2    ///< bad option or file
};

/// Prints "sapulse: message" on standard error.
void complain(const std::string& message);
/// Complains, and tells the exit code: exit_usage where the user can mend it, exit_device otherwise.
int fail(const Error& error);

/// What the command line asks for: runs the chosen subcommand and returns the exit code.
using Run = std::function<int()>;

/// Each adds a subcommand to the app and, when it has been chosen, sets `run`, which outlives parsing.
void add_bind_commands(CLI::App& app, Run& run);
void add_info_command(CLI::App& app, Run& run);
void add_lab_command(CLI::App& app, Run& run);
void add_ping_command(CLI::App& app, Run& run);
void add_sa_command(CLI::App& app, Run& run);
void add_serve_command(CLI::App& app, Run& run);
void add_sim_command(CLI::App& app, Run& run);
void add_stats_command(CLI::App& app, Run& run);
void add_watch_command(CLI::App& app, Run& run);

}  // namespace sapulse::command
