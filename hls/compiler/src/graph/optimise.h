// SPDX-License-Identifier: Apache-2.0
// Clean-up of the graph between lowering and scheduling; storage_bits.h has the rest of it.
#pragma once

#include "graph/graph.h"

namespace sapulse::hlsc {

/// Removes dead code, makes trees of gates n-ary and balances sums. A second run sees the trees that the first one has
/// made.
void flatten(Graph& graph);

/// Refuses streams that are never read or written, because a port that never moves is a mistake in the source.
void refuse_unused_streams(const Graph& graph);

}  // namespace sapulse::hlsc
