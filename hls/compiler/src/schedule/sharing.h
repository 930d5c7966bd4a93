// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "graph/graph.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

enum class CallsInLoops : std::uint8_t {
  shared,
  alone,  ///< modules that a recurrence calls are not shared
};

/// A graph where as few instances of module functions and multipliers as the interval allows serve all calls, if they
/// are larger than the multiplexers in front of them. Multipliers become calls. What decides about reads has no time
/// for that. Shared calls get the latency of the registers that hold results and, where a stage has no levels for both,
/// operands.
Graph share_modules(Graph graph, const ScheduleOptions& options, CallsInLoops in_loops);

}  // namespace sapulse::hlsc
