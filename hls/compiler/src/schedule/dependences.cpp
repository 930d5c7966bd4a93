// SPDX-License-Identifier: Apache-2.0
#include "schedule/dependences.h"

#include <algorithm>

namespace sapulse::hlsc {

namespace {

/// Tarjan's algorithm without recursion.
class Tarjan {
 public:
  explicit Tarjan(const Dependences& d, std::size_t n) : d_(d), index_(n, -1), low_(n, 0), active_(n, 0) {}

  void from(NodeId root) {
    if (index_[root] >= 0) return;
    enter(root);
    while (!frames_.empty()) {
      Frame& f = frames_.back();
      if (f.next < f.dependences.size()) {
        const NodeId k = f.dependences[f.next++];
        if (index_[k] < 0) {
          enter(k);
        } else if (active_[k]) {
          low_[f.node] = std::min(low_[f.node], index_[k]);
        }
      } else {
        leave();
      }
    }
  }
  std::vector<std::vector<NodeId>> components;

 private:
  struct Frame {
    NodeId node;
    SmallVector<NodeId, 8> dependences;
    std::size_t next;
  };

  void enter(NodeId i) {
    index_[i] = low_[i] = count_++;
    stack_.push_back(i);
    active_[i] = 1;
    frames_.push_back({i, d_.of(i), 0});
  }

  void leave() {
    const NodeId i = frames_.back().node;
    frames_.pop_back();
    if (low_[i] == index_[i]) {
      std::vector<NodeId> c;
      do {
        c.push_back(stack_.back());
        active_[stack_.back()] = 0;
        stack_.pop_back();
      } while (c.back() != i);
      components.push_back(std::move(c));
    }
    if (!frames_.empty()) low_[frames_.back().node] = std::min(low_[frames_.back().node], low_[i]);
  }

  const Dependences& d_;
  std::vector<int> index_, low_;
  std::vector<char> active_;
  std::vector<NodeId> stack_;
  std::vector<Frame> frames_;
  int count_ = 0;
};

}  // namespace

Dependences::Dependences(const Graph& g)
    : g_(g),
      next_(g.registers.size(), kNoNode),
      state_(g.registers.size(), kNoNode),
      write_(g.memories.size(), kNoNode),
      reads_(g.memories.size()) {
  for (NodeId i = 0; i < g.size(); i++) {
    const Node& n = g[i];
    if (n.op == Op::state) state_[n.aux] = i;
    if (n.op == Op::state_next) next_[n.aux] = i;
    if (n.op == Op::ram_write) write_[n.aux] = i;
    if (n.op == Op::ram_read) reads_[n.aux].push_back(i);
  }
}

SmallVector<NodeId, 8> Dependences::of(NodeId i) const {
  const Node& n = g_[i];
  SmallVector<NodeId, 8> r(n.in.begin(), n.in.end());
  auto add = [&](NodeId k) {
    if (k != kNoNode) r.push_back(k);
  };
  if (n.op == Op::state) add(next_[n.aux]);
  if (n.op == Op::state_next) add(state_[n.aux]);
  if (n.op == Op::ram_read) add(write_[n.aux]);
  if (n.op == Op::ram_write) r.append(reads_[n.aux].begin(), reads_[n.aux].end());
  return r;
}

std::vector<std::vector<NodeId>> Dependences::components() const {
  Tarjan t(*this, g_.nodes.size());
  for (NodeId s : g_.sinks) t.from(s);
  return std::move(t.components);
}

std::vector<char> Dependences::controls_reads(bool of_earlier) const {
  std::vector<char> marked(g_.nodes.size(), 0);
  std::vector<NodeId> work;
  for (NodeId s : g_.sinks) {
    if (g_[s].op != Op::read && g_[s].op != Op::wait) continue;
    marked[s] = 1;
    work.push_back(s);
  }
  while (!work.empty()) {
    const NodeId i = work.back();
    work.pop_back();
    const SmallVector<NodeId, 8> all = of_earlier ? of(i) : SmallVector<NodeId, 8>(g_[i].in.begin(), g_[i].in.end());
    for (NodeId k : all) {
      if (marked[k]) continue;
      marked[k] = 1;
      work.push_back(k);
    }
  }
  return marked;
}

}  // namespace sapulse::hlsc
