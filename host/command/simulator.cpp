// SPDX-License-Identifier: Apache-2.0
#include "simulator.h"

#include "sapulse/simulator.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

int run_in_simulator(int argc, char** argv) {
  const auto simulator = find_simulator();
  return simulator ? (*simulator)->run(argc, argv) : fail(simulator.error());
}

}  // namespace

Result<const Simulator*> find_simulator() {
  return simulator_symbol(kSimulatorSymbolName).map([](const void* symbol) {
    return static_cast<const Simulator*>(symbol);
  });
}

void add_simulator_commands(Command& app, int argc, char** argv) {
  for (const auto& [name, what] : {kSimCommand, kLabCommand}) {
    Command command = app.add_command(name, what);
    command.take_everything();
    command.on_run([argc, argv] { return run_in_simulator(argc, argv); });
  }
}

}  // namespace sapulse::command
