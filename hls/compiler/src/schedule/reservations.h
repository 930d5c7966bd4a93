// SPDX-License-Identifier: Apache-2.0
// Which cycles of the interval between iterations the instances of shared modules are taken in.
#pragma once

#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// A module takes operands in every cycle, so a call takes an instance for one phase: that of the stage of its result,
/// modulo the interval (all calls of a module have the same latency). Nodes that share nothing are free everywhere.
class Reservations {
 public:
  Reservations(const Graph& g, int interval);
  bool is_free(NodeId call, int stage) const;
  /// The first stage from one on in which a call finds an instance; that one itself, if there is none.
  int next_free(NodeId call, int stage) const;
  void take(NodeId call, int stage);
  void release(NodeId call, int stage);

 private:
  bool shares(NodeId i) const { return g_[i].op == Op::call && g_.modules[g_[i].aux].instances > 0; }
  int& taken(NodeId call, int stage) { return taken_[g_[call].aux][stage % interval_]; }

  const Graph& g_;
  int interval_;
  std::vector<std::vector<int>> taken_;  ///< by module and phase
};

}  // namespace sapulse::hlsc
