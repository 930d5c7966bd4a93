// SPDX-License-Identifier: Apache-2.0
// What is known of a condition in stage 0, where block RAM and modules with a latency have not answered yet.
#pragma once

#include <map>

#include "graph/graph.h"

namespace sapulse::hlsc {

class EarlyCondition {
 public:
  explicit EarlyCondition(Graph& graph) : g_(graph) {}

  /// A condition that stage 0 knows and that holds wherever the given one, of one bit, does.
  NodeId at_least(NodeId condition) { return bound(condition, true); }
  /// Whether a value depends on block RAM or a module with a latency in this iteration.
  bool is_late(NodeId i);

 private:
  NodeId bound(NodeId i, bool upper);

  Graph& g_;
  std::map<NodeId, bool> late_;
};

}  // namespace sapulse::hlsc
