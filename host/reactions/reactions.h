// SPDX-License-Identifier: Apache-2.0
// All reactions of a service.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "reaction_worker.h"

namespace sapulse::reactions {

/// Reactions as they are configured, each in a thread of its own.
class Reactions {
 public:
  /// `card`: is told with each change; empty: the service has one only. Errors: invalid_argument (a URL that is none).
  static Result<Reactions> create(std::span<const ReactionSettings> settings, const Log& log,
                                  const std::string& card = {});

  /// Takes a change of state and returns at once. To be called from one thread.
  void take(const LivenessChange& change);

 private:
  std::vector<std::unique_ptr<ReactionWorker>> workers_;
};

}  // namespace sapulse::reactions
