// SPDX-License-Identifier: Apache-2.0
// The subcommands of `sapulse`: each adds itself with its options.
#pragma once

#include <string>

#include "command_line.h"
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
/// `in_json`: prints {"error": {"code", "message"}} instead, as the service answers.
int fail(const Error& error, bool in_json = false);

/// Each adds a subcommand with its options.
void add_bind_commands(Command& app);
void add_check_command(Command& app);
void add_config_commands(Command& app);
void add_info_command(Command& app);
void add_ping_command(Command& app);
void add_sa_command(Command& app);
void add_serve_command(Command& app);
/// `sim` and `lab`, which are in the simulator: it gets the whole command line.
void add_simulator_commands(Command& app, int argc, char** argv);
void add_stats_command(Command& app);
void add_watch_command(Command& app);

}  // namespace sapulse::command
