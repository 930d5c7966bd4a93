// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// A C++ header for co-simulations: for each stream of a kernel, where the scalars of its payload are in memory, in the
/// order of the wires.
std::string emit_layout(const std::vector<Stream>& streams, const std::string& kernel);

}  // namespace sapulse::hlsc
