// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "graph/graph.h"

namespace sapulse::hlsc {

/// Whether two conditions can be shown never to hold at once. False also if they are too complicated to tell.
bool are_exclusive(const Graph& graph, NodeId a, NodeId b);

/// The same where little has to be tried for it; false otherwise.
bool are_clearly_exclusive(const Graph& graph, NodeId a, NodeId b);

}  // namespace sapulse::hlsc
