// SPDX-License-Identifier: Apache-2.0
// The command `sapulse`.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "subcommands.h"
#include "version.h"

namespace {

using namespace sapulse::command;

int run_command(int argc, char** argv) {
  CLI::App app{"IPsec liveness in hardware: answers encrypted pings under reserved SPIs", "sapulse"};
  app.set_version_flag("--version", std::string("sapulse ") + version);
  app.require_subcommand(1);
  Run run;
  add_bind_commands(app, run);
  add_sim_command(app, run);
  add_info_command(app, run);
  add_lab_command(app, run);
  add_serve_command(app, run);
  add_ping_command(app, run);
  add_watch_command(app, run);
  add_sa_command(app, run);
  add_stats_command(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success);
  } catch (const CLI::Error& error) {
    complain(error.what());
    return exit_usage;
  }
  return run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_command(argc, argv);
  } catch (const std::exception& failure) {  // out of memory
    std::fprintf(stderr, "sapulse: %s\n", failure.what());
    return exit_device;
  }
}
