// SPDX-License-Identifier: Apache-2.0
// What is to be done when an SA changes its state.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sapulse/card.h"
#include "sapulse/liveness.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Which changes a reaction is for.
struct ReactionTrigger {
  std::optional<std::string> sas{};  ///< names of SAs, a pattern with * and ?; absent: all
  std::vector<Liveness> states{};    ///< those that an SA comes into

  [[nodiscard]] bool matches(const LivenessChange& change) const;
};

/// A program that is run for each change, without a shell.
struct ProgramAction {
  std::vector<std::string> command;  ///< path, which is absolute, and arguments
};

/// An address that each change is sent to by HTTP POST, as JSON.
struct UrlAction {
  std::string url;  ///< http or https
};

struct ReactionSettings {
  ReactionTrigger trigger;
  std::variant<ProgramAction, UrlAction> action;
  std::chrono::nanoseconds timeout = std::chrono::seconds(10);  ///< of each run
  RateLimit limit{std::chrono::seconds(1), 100};                ///< for all SAs together
  RateLimit sa_limit{std::chrono::seconds(10), 6};              ///< for each name of an SA
};

}  // namespace sapulse
#pragma GCC visibility pop
