// SPDX-License-Identifier: Apache-2.0
// The same traffic through the Verilated card and the fast model.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "lockstep.h"

namespace sapulse::command {

struct LockstepResult {
  std::vector<std::string> differences;  ///< see Lockstep::compare
  SimFigures rtl;
  SimFigures fast;

  /// How many times as fast the fast model was, in time of the processor.
  [[nodiscard]] double speed() const { return rtl.processor_seconds / std::max(fast.processor_seconds, 1e-6); }
};

/// Limits on exceptions and errors depend on time, so that both runs go without. `options.model` and `options.trace`
/// are for the Verilated card alone; `sink` takes what leaves it. Errors: those of SimRun.
Result<LockstepResult> run_lockstep(const Config& config, const sim::CardOptions& options, const Traffic& traffic,
                                    const FrameSink& sink);

}  // namespace sapulse::command
