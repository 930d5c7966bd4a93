// SPDX-License-Identifier: Apache-2.0
// Runs a program.
#pragma once

#include <string>
#include <vector>

#include "reaction.h"

namespace sapulse::reactions {

/// The environment of the program: PATH, and each field of the change as JSON has it (docs/service.md) under its name
/// in capitals with SAPULSE_ before it. What is null is empty.
std::vector<std::string> environment_of(const LivenessChange& change);

/// Runs a program for each change. It finds the change in its environment and, as JSON, on its standard input. It has
/// no descriptors but the standard ones, no terminal, no signals that are ignored or blocked, none of the service's
/// ambient capabilities, and the root as its directory. When the time is over it is killed with all processes of its
/// session.
class ProgramReaction final : public Reaction {
 public:
  explicit ProgramReaction(std::vector<std::string> command) : command_(std::move(command)) {}

  /// Says with the exit status what the program has printed last. Errors: io_error (not started, or an exit status
  /// other than 0), timeout.
  Result<std::string> react(const LivenessChange& change, const Patience& patience) override;

 private:
  std::vector<std::string> command_;
};

}  // namespace sapulse::reactions
