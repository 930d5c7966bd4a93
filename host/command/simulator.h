// SPDX-License-Identifier: Apache-2.0
// What the command has of the simulator, which is a plug-in (sapulse/simulator.h).
#pragma once

#include <memory>

#include "local_card.h"
#include "sapulse/error.h"

namespace sapulse::command {

/// What the plug-in exports for the command, a constant of this type under the name kSimulatorSymbolName.
struct Simulator {
  /// Opens a simulated card that is joined by a wire to a second one, which has the other ends of all SAs and answers
  /// for all peers. Errors: those of sim::Card::create() and Endpoint::open().
  Result<std::unique_ptr<LocalCard>> (*open_card)(const LocalCardOptions& options, Config config);
  /// Runs the command line of one of its subcommands, `sapulse sim ...`; returns the exit code.
  int (*run)(int argc, char** argv);
};
inline constexpr const char* kSimulatorSymbolName = "sapulse_simulator";

/// Its subcommands: name, and what it does.
struct SimulatorCommand {
  const char* name;
  const char* what;
};
inline constexpr SimulatorCommand kSimCommand{"sim", "run captured traffic through the simulated card"};
inline constexpr SimulatorCommand kLabCommand{
    "lab", "let simulated cards watch each other over links that fail, from a scenario file"};

/// Errors: not_found (the plug-in is not there).
Result<const Simulator*> find_simulator();

}  // namespace sapulse::command
