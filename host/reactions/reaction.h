// SPDX-License-Identifier: Apache-2.0
// What is done about a change of state.
#pragma once

#include <string>

#include "patience.h"
#include "sapulse/error.h"
#include "sapulse/liveness.h"

namespace sapulse::reactions {

/// Something that can be done about a change of state: run a program, send it to a URL, tell an IKE daemon.
class Reaction {
 public:
  Reaction() = default;
  virtual ~Reaction() = default;
  Reaction(const Reaction&) = delete;
  Reaction& operator=(const Reaction&) = delete;

  /// Does it and waits for the end; says in a few words what came of it, for the log. Called from one thread that is
  /// for this reaction alone, so it may wait as long as `patience` lasts, but must not touch the card.
  virtual Result<std::string> react(const LivenessChange& change, const Patience& patience) = 0;
};

}  // namespace sapulse::reactions
