// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "graph/graph.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

/// Gives every call of a shared module an instance, and its result a register at the output of that instance. Results
/// whose lives do not meet have the same register: what follows on each other needs no multiplexer then.
void bind_calls(const Graph& graph, Schedule& schedule);

}  // namespace sapulse::hlsc
