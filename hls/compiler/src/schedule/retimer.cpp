// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <climits>

#include "llvm/ADT/STLExtras.h"
#include "schedule/scheduler.h"

namespace sapulse::hlsc {

namespace {

constexpr int kMaxRounds = 3;

}  // namespace

Retimer::Retimer(const Graph& g, Schedule& s, Timing& t, Reservations& r, const std::vector<NodeId>& order,
                 const std::vector<char>& fixed, int levels)
    : g_(g),
      schedule_(s),
      timing_(t),
      reservations_(r),
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
      if (can_move(order_[i])) move_later(order_[i]);
    }
    if (schedule_.moves == before) return;
  }
}

bool Retimer::can_move(NodeId i) const {
  return !g_[i].is_sink() && !g_[i].is_source() && g_[i].op != Op::ram_read && !fixed_[i] && !users_[i].empty();
}

std::set<int> Retimer::operand_bits(NodeId i) {
  std::set<int> r;
  for (NodeId k : g_[i].in) {
    for (int b : timing_.bits(k)) {
      if (b >= 0 && g_[timing_.owner(b)].op != Op::argument) r.insert(b);
    }
  }
  return r;
}

/// Last stage in which a bit is used by other nodes than one.
int Retimer::last_use(int bit, NodeId except) {
  const NodeId o = timing_.owner(bit);
  int last = schedule_.stage[o];
  for (NodeId u : users_[o]) {
    if (u == except || timing_.input_stage(u) <= last) continue;
    for (NodeId k : g_[u].in) {
      if (!llvm::is_contained(timing_.bits(k), bit)) continue;
      last = timing_.input_stage(u);
      break;
    }
  }
  return last;
}

/// Register bits saved by moving node i to a later stage.
long Retimer::gain(NodeId i, int target) {
  const int latency = timing_.latency(i), now = schedule_.stage[i];
  long longer = 0;
  for (int b : operand_bits(i)) longer += std::max(0, target - latency - std::max(last_use(b, i), now - latency));
  return static_cast<long>(timing_.demand(i).popcount()) * (target - now) - longer;
}

void Retimer::move_later(NodeId i) {
  int latest = INT_MAX;
  for (NodeId u : users_[i]) latest = std::min(latest, timing_.input_stage(u));
  for (int target = latest; target > schedule_.stage[i]; target--) {
    const long saved = gain(i, target);
    const int now = schedule_.stage[i];
    if (saved <= 0 || !reservations_.is_free(i, target) || !try_move(i, target)) continue;
    reservations_.release(i, now);
    reservations_.take(i, target);
    schedule_.moves++;
    schedule_.saved_bits += saved;
    return;
  }
}

/// Moves the node if everything that follows it in the new stage still fits.
bool Retimer::try_move(NodeId i, int target) {
  const int old = schedule_.stage[i];
  std::vector<std::pair<NodeId, std::vector<Timing::Signal>>> undo{{i, timing_.save(i)}};
  std::set<std::pair<int, NodeId>> work;
  auto follow = [&](NodeId k) {
    for (NodeId u : users_[k]) {
      if (timing_.input_stage(u) == target && position_[u] > position_[k]) work.insert({position_[u], u});
    }
  };
  schedule_.stage[i] = target;
  bool fits = timing_.evaluate(i, target) <= levels_;
  if (fits) follow(i);
  while (fits && !work.empty()) {
    const NodeId u = work.begin()->second;
    work.erase(work.begin());
    if (g_[u].op == Op::output) {  // keeps room for what the output queue does in the same cycle
      fits = timing_.level_of(g_[u].in[0], target) < levels_ &&
             (schedule_.late_outputs.count(u) != 0 || timing_.level_of(g_[u].in[1], target) < levels_);
    }
    if (g_[u].is_sink() || g_[u].is_source()) continue;
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
