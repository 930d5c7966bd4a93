// SPDX-License-Identifier: Apache-2.0
// Recurrences that are too long, and what would help.
#pragma once

#include <string>

#include "diagnostics.h"
#include "graph/graph.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

/// A recurrence that takes more cycles than there are between iterations, whatever the clock.
class RecurrenceError : public Error {
 public:
  RecurrenceError(const SourceLocation& at, const std::string& text)
      : Error(at.text() + ": error: " + text), where(at), reason(text) {}
  SourceLocation where;
  std::string reason;
};
[[noreturn]] void fail_recurrence(const SourceLocation& where, const std::string& reason);

/// Whether every recurrence keeps to the levels of a stage.
bool recurrences_fit(const Schedule& schedule);
/// The smallest longer interval at which no recurrence of the graph is too long; 0 if there is none up to 64.
int sufficient_interval(const Graph& graph, ScheduleOptions options);
/// "; II 3 would do", or "" where no interval would.
std::string interval_advice(const Graph& graph, const ScheduleOptions& options);
/// The same for a recurrence of so many LUT levels: "; II 3 would do, or a clock of 180 MHz".
std::string advice(const Graph& graph, const ScheduleOptions& options, int levels);

}  // namespace sapulse::hlsc
