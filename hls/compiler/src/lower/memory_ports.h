// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// Reads of one memory that exclude each other share a port, with a multiplexer in front of its address: otherwise each
/// would have a copy of the memory. Reads whose address or condition depends on a memory, be it an iteration before,
/// stay as they are: the multiplexer could close a loop.
/// @param conditions of the reads, by node
void share_memory_ports(Graph& graph, std::map<NodeId, NodeId> conditions);

}  // namespace sapulse::hlsc
