// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// Which bits of every node can influence a sink.
std::vector<APInt> demanded_bits(const Graph& graph);

}  // namespace sapulse::hlsc
