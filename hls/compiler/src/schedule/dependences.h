// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// Dependences between nodes, the loop-carried ones included.
class Dependences {
 public:
  explicit Dependences(const Graph& g);
  /// What node i has to be scheduled with or after.
  SmallVector<NodeId, 8> of(NodeId i) const;
  /// Strongly connected components, operands before users. Only nodes that sinks depend on.
  std::vector<std::vector<NodeId>> components() const;
  /// Nodes that decide whether a stream is read.
  /// @param of_earlier in an earlier iteration, too
  std::vector<char> controls_reads(bool of_earlier) const;

 private:
  const Graph& g_;
  std::vector<NodeId> next_, state_;        ///< by register
  std::vector<NodeId> write_;               ///< by memory
  std::vector<std::vector<NodeId>> reads_;  ///< by memory
};

}  // namespace sapulse::hlsc
