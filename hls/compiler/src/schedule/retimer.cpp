// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <climits>

#include "llvm/ADT/STLExtras.h"
#include "schedule/scheduler.h"

namespace sapulse::hlsc {

namespace {

constexpr int kMaxRounds = 3;

}  // namespace

Retimer::Retimer(const Graph& g, Schedule& s, Timing& t, const std::vector<NodeId>& order,
                 const std::vector<char>& fixed, int levels)
    : g_(g),
      schedule_(s),
      timing_(t),
      order_(order),
      fixed_(fixed),
      levels_(levels),
      position_(g.nodes.size(), -1),
      users_(g.nodes.size()) {
  for (std::size_t i = 0; i < order.size(); i++) position_[order[i]] = static_cast<int>(i);
  for (NodeId i : order) {
    std::set<NodeId> operands;
    for (NodeId k : g_[i].in) {
      for (int b : timing_.bits(k)) {
        if (b >= 0) operands.insert(timing_.owner(b));
      }
    }
    for (NodeId k : operands) users_[k].push_back(i);
  }
}

void Retimer::run() {
  for (int round = 0; round < kMaxRounds; round++) {
    const int before = schedule_.moves;
    for (std::size_t i = order_.size(); i-- > 0;) {
      if (canMove(order_[i])) moveLater(order_[i]);
    }
    if (schedule_.moves == before) return;
  }
}

bool Retimer::canMove(NodeId i) const {
  return !g_[i].isSink() && !g_[i].isSource() && g_[i].op != Op::RamRead && !fixed_[i] && !users_[i].empty();
}

std::set<int> Retimer::operandBits(NodeId i) {
  std::set<int> r;
  for (NodeId k : g_[i].in) {
    for (int b : timing_.bits(k)) {
      if (b >= 0 && g_[timing_.owner(b)].op != Op::Argument) r.insert(b);
    }
  }
  return r;
}

/// Last stage in which a bit is used by other nodes than one.
int Retimer::lastUse(int bit, NodeId except) {
  const NodeId o = timing_.owner(bit);
  int last = schedule_.stage[o];
  for (NodeId u : users_[o]) {
    if (u == except || timing_.inputStage(u) <= last) continue;
    for (NodeId k : g_[u].in) {
      if (!llvm::is_contained(timing_.bits(k), bit)) continue;
      last = timing_.inputStage(u);
      break;
    }
  }
  return last;
}

/// Register bits saved by moving node i to a later stage.
long Retimer::gain(NodeId i, int target) {
  const int latency = timing_.latency(i), now = schedule_.stage[i];
  long longer = 0;
  for (int b : operandBits(i)) longer += std::max(0, target - latency - std::max(lastUse(b, i), now - latency));
  return static_cast<long>(timing_.demand(i).popcount()) * (target - now) - longer;
}

void Retimer::moveLater(NodeId i) {
  int latest = INT_MAX;
  for (NodeId u : users_[i]) latest = std::min(latest, timing_.inputStage(u));
  for (int target = latest; target > schedule_.stage[i]; target--) {
    const long saved = gain(i, target);
    if (saved <= 0 || !tryMove(i, target)) continue;
    schedule_.moves++;
    schedule_.savedBits += saved;
    return;
  }
}

/// Moves the node if everything that follows it in the new stage still fits.
bool Retimer::tryMove(NodeId i, int target) {
  const int old = schedule_.stage[i];
  std::vector<std::pair<NodeId, std::vector<Timing::Signal>>> undo{{i, timing_.save(i)}};
  std::set<std::pair<int, NodeId>> work;
  auto follow = [&](NodeId k) {
    for (NodeId u : users_[k]) {
      if (timing_.inputStage(u) == target && position_[u] > position_[k]) work.insert({position_[u], u});
    }
  };
  schedule_.stage[i] = target;
  bool fits = timing_.evaluate(i, target) <= levels_;
  if (fits) follow(i);
  while (fits && !work.empty()) {
    const NodeId u = work.begin()->second;
    work.erase(work.begin());
    if (g_[u].op == Op::Output) {  // keeps room for the multiplexer of the output queue
      fits = std::max(timing_.levelOf(g_[u].in[0], target), timing_.levelOf(g_[u].in[1], target)) < levels_;
    }
    if (g_[u].isSink() || g_[u].isSource()) continue;
    undo.push_back({u, timing_.save(u)});
    if (timing_.evaluate(u, schedule_.stage[u]) > std::max(levels_, schedule_.level[u])) {
      fits = false;
    } else if (timing_.latency(u) == 0 && timing_.save(u) != undo.back().second) {
      follow(u);
    }
  }
  if (fits) return true;
  for (auto it = undo.rbegin(); it != undo.rend(); ++it) timing_.restore(it->first, it->second);
  schedule_.stage[i] = old;
  return false;
}

}  // namespace sapulse::hlsc
