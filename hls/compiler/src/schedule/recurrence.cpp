// SPDX-License-Identifier: Apache-2.0
#include "schedule/recurrence.h"

#include "fmt/format.h"
#include "llvm/ADT/STLExtras.h"
#include "schedule/delay.h"

namespace sapulse::hlsc {

namespace {

constexpr int kMaxInterval = 64;

bool recurrences_fit_at(Graph graph, const ScheduleOptions& options) {
  try {
    return recurrences_fit(schedule(graph, options));
  } catch (const RecurrenceError&) {
    return false;
  }
}

}  // namespace

void fail_recurrence(const SourceLocation& where, const std::string& reason) { throw RecurrenceError(where, reason); }

bool recurrences_fit(const Schedule& schedule) {
  return llvm::none_of(schedule.violations, [](const TimingViolation& v) { return v.recurrence_levels > 0; });
}

int sufficient_interval(const Graph& graph, ScheduleOptions options) {
  options.retime = false;
  for (options.interval++; options.interval <= kMaxInterval; options.interval++) {
    if (recurrences_fit_at(graph, options)) return options.interval;
  }
  return 0;
}

std::string interval_advice(const Graph& graph, const ScheduleOptions& options) {
  const int interval = sufficient_interval(graph, options);
  return interval ? fmt::format("; II {} would do", interval) : "";
}

std::string advice(const Graph& graph, const ScheduleOptions& options, int levels) {
  const std::string other_interval = interval_advice(graph, options);
  const std::string other_clock = fmt::format("a clock of {} MHz", delay::megahertz_for(levels));
  return other_interval.empty() ? "; " + other_clock + " would do" : other_interval + ", or " + other_clock;
}

}  // namespace sapulse::hlsc
