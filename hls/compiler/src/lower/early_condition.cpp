// SPDX-License-Identifier: Apache-2.0
#include "lower/early_condition.h"

#include "llvm/ADT/STLExtras.h"

namespace sapulse::hlsc {

bool EarlyCondition::is_late(NodeId i) {
  if (const auto known = late_.find(i); known != late_.end()) return known->second;
  const bool late = g_.latency(i) > 0 || llvm::any_of(g_[i].in, [this](NodeId k) { return is_late(k); });
  return late_[i] = late;
}

/// An upper bound of a value of one bit, or a lower one: what is not known in stage 0 counts as 1, or as 0.
NodeId EarlyCondition::bound(NodeId i, bool upper) {
  if (!is_late(i)) return i;
  const Op op = g_[i].op;
  const SmallVector<NodeId, 3> in = g_[i].in;
  if (op == Op::bit_not) return g_.inverse(bound(in[0], !upper));
  if (op == Op::bit_and || op == Op::bit_or) {
    NodeId r = bound(in[0], upper);
    for (NodeId k : llvm::drop_begin(in)) {
      const NodeId next = bound(k, upper);
      r = op == Op::bit_and ? g_.conj(r, next) : g_.disj(r, next);
    }
    return r;
  }
  if (op == Op::mux) {
    const NodeId a = bound(in[1], upper), b = bound(in[2], upper);
    if (!is_late(in[0])) return g_.mux(in[0], a, b);
    return upper ? g_.disj(a, b) : g_.conj(a, b);
  }
  return g_.constant(1, upper ? 1 : 0);
}

}  // namespace sapulse::hlsc
