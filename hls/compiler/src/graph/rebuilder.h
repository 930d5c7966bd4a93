// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

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
  virtual void rebuild_sink(NodeId old);
  /// True for nodes that are rebuilt only when a user asks for them.
  virtual bool is_lazy(NodeId) const { return false; }
  void use_name_of(NodeId old);

  const Graph& old_;
  Graph new_;
  std::vector<int> uses_;  ///< by live nodes

 private:
  std::vector<NodeId> map_;
};

}  // namespace sapulse::hlsc
