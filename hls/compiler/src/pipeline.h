// SPDX-License-Identifier: Apache-2.0
// The passes that make a schedule of a unit, in their order.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "graph/verify.h"
#include "llvm/ADT/ArrayRef.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

/// A unit on its way; each pass reads and changes what it needs of it.
struct Work {
  const Unit& unit;
  const std::vector<SubModule>& modules;  ///< that the unit may call
  ScheduleOptions options;
  Graph graph;
  Schedule schedule;
  std::vector<std::string> warnings;  ///< with their locations
};

struct Pass {
  const char* name;
  Numbering numbering;  ///< of the graph that it leaves
  void (*run)(Work&);
};

ArrayRef<Pass> passes();

/// Those before the schedule, for what is not hardware.
ArrayRef<Pass> passes_of_software();

/// Runs passes and verifies the graph after each. Throws Error for what is refused, and for a graph that a pass has
/// broken.
/// @param after called with the name of each pass when its graph has been verified
void run_passes(Work& work, ArrayRef<Pass> list, const std::function<void(const std::string& pass)>& after);

}  // namespace sapulse::hlsc
