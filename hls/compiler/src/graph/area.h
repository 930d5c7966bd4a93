// SPDX-License-Identifier: Apache-2.0
// Rough numbers of LUTs, to tell what is worth sharing.
#pragma once

#include "graph/graph.h"

namespace sapulse::hlsc {

/// LUTs of a node without what it calls its operands; of a call those of an instance.
long luts_of(const Graph& graph, NodeId i);
/// Of all nodes that something depends on.
long luts_of(const Graph& graph);

}  // namespace sapulse::hlsc
