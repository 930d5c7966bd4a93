// SPDX-License-Identifier: Apache-2.0
// The command `sapulse`.
#include <array>
#include <cstdio>
#include <exception>

#include "subcommands.h"

int main(int argc, char** argv) {
  using namespace sapulse::command;
  try {
    const std::array<AddCommand, 10> commands{
        add_bind_commands,   add_check_command,
        add_config_commands, add_info_command,
        add_serve_command,   add_ping_command,
        add_watch_command,   add_sa_command,
        add_stats_command,   [&](Command& app) { add_simulator_commands(app, argc, argv); }};
    return run_command_line(argc, argv, commands);
  } catch (const std::exception& failure) {  // out of memory
    std::fprintf(stderr, "sapulse: %s\n", failure.what());
    return exit_device;
  }
}
