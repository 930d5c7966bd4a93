// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// A verified graph for people: its declarations, then one line for each node: number, operation and width, what it is
/// about, operands, name and line of the source. "%7 = sum.16 %3 %5  # total, kernel.cpp:12:3"
std::string dump(const Graph& graph);

}  // namespace sapulse::hlsc
