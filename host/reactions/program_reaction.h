// SPDX-License-Identifier: Apache-2.0
// Runs a program.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "reaction.h"

namespace sapulse::reactions {

/// The environment of the program: PATH, and each field of the change (JSON, as docs/service.md has it) under its name
/// in capitals with SAPULSE_ before it. What is null is empty.
std::vector<std::string> environment_of(const nlohmann::ordered_json& change);

/// Runs a program for each change. It finds the change in its environment and, as JSON, on its standard input. It has
/// no descriptors but the standard ones, no terminal, no signals that are ignored or blocked, none of the service's
/// ambient capabilities, and the root as its directory. When the time is over it is killed with all processes of its
/// session.
class ProgramReaction final : public Reaction {
 public:
  explicit ProgramReaction(std::vector<std::string> command, std::string card = {})
      : command_(std::move(command)), card_(std::move(card)) {}

  /// Says with the exit status what the program has printed last. Errors: io_error (not started, or an exit status
  /// other than 0), timeout.
  Result<std::string> react(const LivenessChange& change, const Patience& patience) override;

 private:
  std::vector<std::string> command_;
  std::string card_;
};

}  // namespace sapulse::reactions
