// SPDX-License-Identifier: Apache-2.0
#include "graph/optimise.h"

#include "graph/rebuilder.h"
#include "llvm/ADT/STLExtras.h"

namespace sapulse::hlsc {

namespace {

/// Makes trees of gates n-ary and balances sums.
class Flatten : public Rebuilder {
 public:
  using Rebuilder::Rebuilder;

 protected:
  bool is_lazy(NodeId i) const override { return uses_[i] == 1 && (old_[i].is_gate() || old_[i].op == Op::add); }

  NodeId rebuild(NodeId old) override {
    const Op op = old_[old].op;
    if (!old_[old].is_gate() && op != Op::add) return Rebuilder::rebuild(old);
    SmallVector<NodeId, 8> leaves;
    collect(old, op, leaves, true);
    use_name_of(old);
    return op == Op::add ? sum(leaves) : new_.gate(op, leaves);
  }

 private:
  void collect(NodeId i, Op op, SmallVectorImpl<NodeId>& leaves, bool top) {
    if (old_[i].op == op && (top || uses_[i] == 1)) {
      for (NodeId k : old_[i].in) collect(k, op, leaves, false);
      return;
    }
    if (!top && op != Op::bit_and && uses_[i] == 1 && collect_through_zeros(i, op, leaves)) return;
    leaves.push_back(get(i));
  }

  /// A private subtree that was extended with zeros: {0, x + y, 0} = {0, x, 0} + {0, y, 0}.
  bool collect_through_zeros(NodeId i, Op op, SmallVectorImpl<NodeId>& leaves) {
    if (old_[i].op != Op::concat) return false;
    NodeId inner = kNoNode;
    for (NodeId k : old_[i].in) {
      if (old_.is_zero(k)) continue;
      if (inner != kNoNode || old_[k].op != op || uses_[k] != 1) return false;
      inner = k;
    }
    if (inner == kNoNode) return false;
    if (op == Op::add) {  // only a sum that cannot wrap
      for (NodeId k : old_[inner].in) {
        if (old_.active_width(k) >= old_.width(inner)) return false;
      }
    }
    SmallVector<NodeId, 8> parts;
    for (NodeId k : old_[inner].in) {
      // the operands of a narrow sum may themselves be sums that wrap: they are taken as they are
      if (op == Op::add) {
        parts.push_back(get(k));
      } else {
        collect(k, op, parts, false);
      }
    }
    for (NodeId part : parts) {
      SmallVector<NodeId, 3> widened;
      for (NodeId k : old_[i].in) widened.push_back(k == inner ? part : new_.zero(old_.width(k)));
      leaves.push_back(new_.concat(widened));
    }
    return true;
  }

  /// Balanced, narrow operands first; what depends on state comes last, so that recurrences stay short.
  NodeId sum(ArrayRef<NodeId> leaves) {
    std::vector<NodeId> early, late;
    for (NodeId k : leaves) (depends_on_state(k) ? late : early).push_back(k);
    if (early.empty()) return balanced(late);
    if (late.empty()) return balanced(early);
    const NodeId a = balanced(early), b = balanced(late);
    return new_.add(a, b);
  }

  NodeId balanced(std::vector<NodeId> v) {
    while (v.size() > 1) {
      llvm::stable_sort(v, [&](NodeId a, NodeId b) { return new_.active_width(a) < new_.active_width(b); });
      std::vector<NodeId> next;
      for (std::size_t k = 0; k + 1 < v.size(); k += 2) next.push_back(new_.add(v[k], v[k + 1]));
      if (v.size() & 1) next.push_back(v.back());
      v = std::move(next);
    }
    return v[0];
  }

  bool depends_on_state(NodeId i) {
    // Nodes are numbered in topological order: extend the table up to i.
    while (static_cast<NodeId>(stateful_.size()) <= i) {
      const Node& n = new_[static_cast<NodeId>(stateful_.size())];
      bool s = n.op == Op::state || n.op == Op::ram_read;
      for (NodeId k : n.in) s |= stateful_[k];
      stateful_.push_back(s);
    }
    return stateful_[i];
  }

  std::vector<bool> stateful_;
};

}  // namespace

void flatten(Graph& g) {
  Flatten f(g);
  f.run();
  g = std::move(f.graph());
}

void refuse_unused_streams(const Graph& g) {
  std::vector<char> used(g.streams.size(), 0);
  for (NodeId s : g.sinks) {
    if ((g[s].op == Op::read || g[s].op == Op::output) && !g.is_zero(g[s].in[0])) used[g[s].aux] = 1;
  }
  for (std::size_t i = 0; i < used.size(); i++) {
    if (!used[i]) fail_unused_stream(g.streams[i].location, g.streams[i].name);
  }
}

}  // namespace sapulse::hlsc
