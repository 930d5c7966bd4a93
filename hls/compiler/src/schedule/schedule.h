// SPDX-License-Identifier: Apache-2.0
// Assigns pipeline stages: one iteration enters per cycle, operations of stage s of an iteration happen s cycles after
// it was issued.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "diagnostics.h"
#include "graph/graph.h"

namespace sapulse::hlsc {

struct ScheduleOptions {
  int levels = 4;      ///< LUT levels per stage
  bool retime = true;  ///< move operations later where that saves registers
};

struct Recurrence {
  std::string names;
  int levels;
  int stage;
  bool controls_reads;
};

/// Something that does not fit the levels of a stage and cannot be spread over stages.
struct TimingViolation {
  SourceLocation where;
  std::string text;
};

struct Schedule {
  std::vector<int> stage;  ///< by node: stage in which the value is there; -1: wiring, or not needed
  std::vector<int> level;  ///< by node: worst LUT level
  int last_stage = 0;
  std::vector<int> stage_levels;  ///< by stage
  std::set<NodeId> late_outputs;  ///< their words need the whole stage in which they are written
  std::vector<Recurrence> recurrences;
  std::vector<TimingViolation> violations;
  int moves = 0;  ///< by retiming
  long saved_bits = 0;
};

/// May split wide gates of the graph. Throws Error where reads depend on more than fits stage 0, or a memory's address
/// on the memory itself.
Schedule schedule(Graph& graph, const ScheduleOptions& options);

}  // namespace sapulse::hlsc
