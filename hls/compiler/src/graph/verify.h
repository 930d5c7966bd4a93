// SPDX-License-Identifier: Apache-2.0
// What every pass may rely on, checked between passes. It costs one look at each node, so it is always on.
#pragma once

#include <cstdint>
#include <string>

#include "graph/graph.h"

namespace sapulse::hlsc {

enum class Numbering : std::uint8_t {
  operands_first,  ///< every operand has a smaller number than its users
  free,            ///< only without cycles: the scheduler appends what it splits off a gate
};

/// @param pass that has made the graph
/// @throws Error "internal error: after pass 'flatten': node 7, sum 'total': RULE", with the location in the kernel
/// where it is known
void verify(const Graph& graph, const std::string& pass, Numbering numbering);

}  // namespace sapulse::hlsc
