// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// A C++ header for co-simulations: for each stream of a kernel, where the scalars of its payload are in memory, in the
/// order of the wires.
std::string emit_layout(const Graph& kernel, const std::string& name);

}  // namespace sapulse::hlsc
