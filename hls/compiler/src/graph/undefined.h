// SPDX-License-Identifier: Apache-2.0
// Variables that are used before they have a value.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// Makes the uninitialised values that reach a sink zero. Returns a warning for each, with its location, in the order
/// of the nodes.
std::vector<std::string> settle_undefined(Graph& graph);

}  // namespace sapulse::hlsc
