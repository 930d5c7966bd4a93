// SPDX-License-Identifier: Apache-2.0
// What is done about a change of state.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "patience.h"
#include "sapulse/error.h"
#include "sapulse/liveness.h"

namespace sapulse::reactions {

/// Something that can be done about a change of state: run a program, send it to a URL, tell an IKE daemon.
class Reaction {
 public:
  using Clock = std::chrono::steady_clock;

  Reaction() = default;
  virtual ~Reaction() = default;
  Reaction(const Reaction&) = delete;
  Reaction& operator=(const Reaction&) = delete;

  /// Does it and waits for the end; says in a few words what came of it, for the log; nothing: go_on() will. Called
  /// from one thread that is for this reaction alone, so it may wait as long as `patience` lasts, but must not touch
  /// the card.
  virtual Result<std::string> react(const LivenessChange& change, const Patience& patience) = 0;

  /// When go_on() has something to do; nothing: never.
  [[nodiscard]] virtual std::optional<Clock::time_point> next_due() const { return std::nullopt; }
  /// Goes on with what changes have begun, in the same thread, once all that have come have been taken; lines for the
  /// log.
  virtual std::vector<std::string> go_on(const Patience& /*patience*/) { return {}; }
};

}  // namespace sapulse::reactions
