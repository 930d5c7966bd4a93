// SPDX-License-Identifier: Apache-2.0
#include "graph/rebuilder.h"

#include <unordered_map>

namespace sapulse::hlsc {

namespace {

/// Rewrites multiplexers at the root of a value under the assumption that some conditions are known.
class Assumption {
 public:
  Assumption(Graph& g, NodeId condition) : g_(g) { learn(condition, true); }

  NodeId apply(NodeId v, int depth = 0) {
    if (auto it = done_.find(v); it != done_.end()) return it->second;
    if (depth > kMaxDepth) return v;
    NodeId r = v;
    if (const Node n = g_[v]; n.op == Op::mux) {
      if (auto it = known_.find(n.in[0]); it != known_.end()) {
        r = apply(n.in[it->second ? 1 : 2], depth + 1);
      } else {
        const NodeId a = apply(n.in[1], depth + 1), b = apply(n.in[2], depth + 1);
        if (a != n.in[1] || b != n.in[2]) r = g_.mux(n.in[0], a, b);
      }
    } else if (n.op == Op::concat) {
      SmallVector<NodeId, 8> parts;
      for (NodeId p : n.in) parts.push_back(apply(p, depth + 1));
      r = g_.concat(parts);
    } else if (n.op == Op::slice && g_[n.in[0]].op == Op::mux) {
      const NodeId whole = apply(n.in[0], depth + 1);
      if (whole != n.in[0]) r = g_.slice(whole, n.lo, n.width);
    }
    return done_[v] = r;
  }

 private:
  static constexpr int kMaxDepth = 64;

  void learn(NodeId c, bool value) {
    known_[c] = value;
    const Node& n = g_[c];
    if (n.op == Op::bit_not) learn(n.in[0], !value);
    if (n.op == (value ? Op::bit_and : Op::bit_or)) {
      for (NodeId k : n.in) learn(k, value);
    }
  }

  Graph& g_;
  std::unordered_map<NodeId, bool> known_;
  std::unordered_map<NodeId, NodeId> done_;
};

/// data where it only matters while condition holds.
NodeId assuming(Graph& graph, NodeId data, NodeId condition) {
  if (graph.is_const(condition)) return data;
  return Assumption(graph, condition).apply(data);
}

}  // namespace

Rebuilder::Rebuilder(const Graph& old) : old_(old), uses_(old.nodes.size(), 0), map_(old.nodes.size(), kNoNode) {
  new_.take_declarations(old);
  std::vector<char> live(old.nodes.size(), 0);
  std::vector<NodeId> work(old.sinks.begin(), old.sinks.end());
  for (NodeId s : work) live[s] = 1;
  while (!work.empty()) {
    const NodeId i = work.back();
    work.pop_back();
    for (NodeId k : old[i].in) {
      uses_[k]++;
      if (!live[k]) {
        live[k] = 1;
        work.push_back(k);
      }
    }
  }
}

void Rebuilder::use_name_of(NodeId old) {
  new_.current_name = old_[old].name;
  new_.current_location = old_[old].location;
}

NodeId Rebuilder::get(NodeId old) {
  if (map_[old] == kNoNode) map_[old] = rebuild(old);
  return map_[old];
}

NodeId Rebuilder::rebuild(NodeId old) {
  const Node& n = old_[old];
  SmallVector<NodeId, 4> in;
  for (NodeId k : n.in) in.push_back(get(k));
  const NodeId r = new_.remake(n, in);
  if (new_[r].name.empty() && !new_[r].is_wire()) new_[r].name = n.name;
  return r;
}

void Rebuilder::rebuild_sink(NodeId old) {
  const Node& n = old_[old];
  SmallVector<NodeId, 3> in;
  for (NodeId k : n.in) in.push_back(get(k));
  use_name_of(old);
  if (n.op == Op::check && new_.is_ones(in[0])) return;
  if (n.op == Op::wait && new_.is_zero(in[0])) return;
  if (n.op == Op::output || n.op == Op::ram_write || n.op == Op::port) {
    if (new_.is_zero(in[0])) return;
    // what reserves room does so whether something is written or not
    const std::size_t guarded = n.op == Op::ram_write ? 3 : 2;
    for (std::size_t k = 1; k < guarded; k++) in[k] = assuming(new_, in[k], in[0]);
  }
  new_.sink(n.op, in, n.aux);
}

void Rebuilder::run() {
  // Operands have smaller numbers than their users, so going upwards keeps the recursion of get() shallow.
  for (NodeId i = 0; i < old_.size(); i++) {
    if (uses_[i] && !is_lazy(i)) get(i);
  }
  for (NodeId s : old_.sinks) rebuild_sink(s);
}

}  // namespace sapulse::hlsc
