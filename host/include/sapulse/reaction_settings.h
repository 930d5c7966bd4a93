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

  friend bool operator==(const ReactionTrigger&, const ReactionTrigger&) = default;
};

/// A program that is run for each change, without a shell.
struct ProgramAction {
  std::vector<std::string> command;  ///< path, which is absolute, and arguments

  friend bool operator==(const ProgramAction&, const ProgramAction&) = default;
};

/// An address that each change is sent to by HTTP POST, as JSON.
struct UrlAction {
  std::string url;  ///< http or https

  friend bool operator==(const UrlAction&, const UrlAction&) = default;
};

/// strongSwan's charon, which is told to set up anew what has died: SAs that are lost, or down after they have been up.
struct ViciAction {
  std::string socket;  ///< absolute path

  friend bool operator==(const ViciAction&, const ViciAction&) = default;
};

struct ReactionSettings {
  ReactionTrigger trigger;
  std::variant<ProgramAction, UrlAction, ViciAction> action;
  std::chrono::nanoseconds timeout = std::chrono::seconds(10);  ///< of each run
  RateLimit limit{std::chrono::seconds(1), 100};                ///< for all SAs together
  RateLimit sa_limit{std::chrono::seconds(10), 6};              ///< for each name of an SA

  friend bool operator==(const ReactionSettings&, const ReactionSettings&) = default;
};

}  // namespace sapulse
#pragma GCC visibility pop
