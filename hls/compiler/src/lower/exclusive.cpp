// SPDX-License-Identifier: Apache-2.0
#include "lower/exclusive.h"

#include <map>

namespace sapulse::hlsc {

namespace {

/// Tries all values of the atoms (conditions that are not built from others) of two conditions.
class Search {
 public:
  Search(const Graph& g, NodeId a, NodeId b) : g_(g), a_(a), b_(b) {
    collect(a);
    collect(b);
  }

  bool exclusive() {
    if (atoms_.size() > kMaxAtoms) return false;
    for (std::uint32_t values = 0; values < (1U << atoms_.size()); values++) {
      values_ = values;
      known_.clear();
      if (possible() && evaluate(a_) && evaluate(b_)) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t kMaxAtoms = 16;

  bool is_connective(const Node& n) const {
    return n.is_gate() || n.op == Op::bit_not || n.op == Op::mux || n.op == Op::constant;
  }

  void collect(NodeId i) {
    if (atoms_.size() > kMaxAtoms || !visited_.emplace(i, true).second) return;
    const Node& n = g_[i];
    if (!is_connective(n)) {
      atoms_.emplace(i, static_cast<unsigned>(atoms_.size()));
      return;
    }
    for (NodeId k : n.in) collect(k);
  }

  bool atom(NodeId i) const { return values_ >> atoms_.at(i) & 1; }

  /// x == 1 and x == 2 do not hold together.
  bool possible() const {
    std::map<NodeId, NodeId> equals;
    for (auto [i, number] : atoms_) {
      const Node& n = g_[i];
      if (n.op != Op::equal || !g_.is_const(n.in[1]) || !atom(i)) continue;
      if (!equals.emplace(n.in[0], n.in[1]).second) return false;
    }
    return true;
  }

  bool evaluate(NodeId i) {
    if (atoms_.count(i)) return atom(i);
    if (auto it = known_.find(i); it != known_.end()) return it->second;
    const Node& n = g_[i];
    bool r = false;
    switch (n.op) {
      case Op::constant:
        r = g_.is_ones(i);
        break;
      case Op::bit_not:
        r = !evaluate(n.in[0]);
        break;
      case Op::mux:
        r = evaluate(evaluate(n.in[0]) ? n.in[1] : n.in[2]);
        break;
      default:
        r = n.op == Op::bit_and;
        for (NodeId k : n.in) {
          const bool v = evaluate(k);
          r = n.op == Op::bit_and ? r && v : n.op == Op::bit_or ? r || v : r != v;
        }
    }
    return known_[i] = r;
  }

  const Graph& g_;
  NodeId a_, b_;
  std::map<NodeId, unsigned> atoms_;
  std::map<NodeId, bool> visited_, known_;
  std::uint32_t values_ = 0;
};

}  // namespace

bool are_exclusive(const Graph& graph, NodeId a, NodeId b) {
  return graph.is_zero(a) || graph.is_zero(b) || Search(graph, a, b).exclusive();
}

}  // namespace sapulse::hlsc
