// SPDX-License-Identifier: Apache-2.0
// Assigns pipeline stages: an iteration enters every `interval` cycles, operations of stage s of an iteration happen s
// cycles after it was issued.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "diagnostics.h"
#include "graph/graph.h"

namespace sapulse::hlsc {

struct ScheduleOptions {
  int levels = 4;      ///< LUT levels per stage
  bool retime = true;  ///< move operations later where that saves registers
  int interval = 1;    ///< cycles from one iteration to the next
};

struct Recurrence {
  std::string names;
  int levels;
  int stage;
  bool controls_reads;
  int cycles = 1;  ///< that it takes; at most the interval
};

/// Something that does not fit the levels of a stage and cannot be spread over stages.
struct TimingViolation {
  SourceLocation where;
  std::string text;
  int recurrence_levels = 0;  ///< of what is part of a recurrence; 0: of none
};

struct Schedule {
  std::vector<int> stage;  ///< by node: stage in which the value is there; -1: wiring, or not needed
  std::vector<int> level;  ///< by node: worst LUT level
  /// By node: the last stage in which the value is there without a register of its own. A state register keeps it until
  /// it takes the next one.
  std::vector<int> held_until;
  std::map<NodeId, std::vector<std::vector<int>>> groups;  ///< of the operands of an XOR of many: Timing::grouping()
  int interval = 1;
  /// By call of a shared module: its instance, and the register at its output that takes the result; -1 for all else.
  std::vector<int> instance, result_register;
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
