// SPDX-License-Identifier: Apache-2.0
// Clean-up of the graph between lowering and scheduling.
#pragma once

#include <functional>
#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// Removes dead code, constant and unused bits of registers and memories; makes gates n-ary and balances sums.
/// Refuses graphs in which an uninitialised value reaches a sink.
void optimise(Graph& graph);

/// Which bits of every node can influence a sink.
std::vector<APInt> demandedBits(const Graph& graph);

/// Copies the live part of a graph through the simplifying constructors.
class Rebuilder {
 public:
  explicit Rebuilder(const Graph& old);
  virtual ~Rebuilder() = default;
  /// The node of the new graph for a node of the old one.
  NodeId get(NodeId old);
  /// Copies everything that is live; the result is in graph().
  void run();
  Graph& graph() { return new_; }

 protected:
  /// Replacement of one live node whose operands can be had with get().
  virtual NodeId rebuild(NodeId old);
  /// Copies a sink.
  virtual void rebuildSink(NodeId old);
  /// True for nodes that are rebuilt only when a user asks for them.
  virtual bool isLazy(NodeId) const { return false; }
  void useNameOf(NodeId old);

  const Graph& old_;
  Graph new_;
  std::vector<int> uses_;  ///< by live nodes

 private:
  std::vector<NodeId> map_;
};

/// data where it only matters while condition holds.
NodeId assuming(Graph& graph, NodeId data, NodeId condition);

}  // namespace sapulse::hlsc
