// SPDX-License-Identifier: Apache-2.0
#include "schedule/binding.h"

#include <algorithm>
#include <map>
#include <set>

#include "llvm/ADT/STLExtras.h"

namespace sapulse::hlsc {

namespace {

constexpr int kHopsToSource = 4;
constexpr std::size_t kMaxVisits = 64;

class Binder {
 public:
  Binder(const Graph& g, Schedule& s) : g_(g), schedule_(s) {
    s.instance.assign(g.nodes.size(), -1);
    s.result_register.assign(g.nodes.size(), -1);
  }

  void run() {
    std::vector<NodeId> calls;
    for (NodeId i = 0; i < g_.size(); i++) {
      if (is_shared(i)) calls.push_back(i);
    }
    if (calls.empty()) return;
    find_last_uses();
    llvm::stable_sort(calls, [&](NodeId a, NodeId b) { return schedule_.stage[a] < schedule_.stage[b]; });
    for (NodeId i : calls) {
      schedule_.instance[i] = best_instance(i);
      busy_[{g_[i].aux, schedule_.instance[i]}].insert(phase(schedule_.stage[i]));
      bind_result(i);
    }
  }

 private:
  using Phases = std::set<int>;

  bool is_shared(NodeId i) const {
    return g_[i].op == Op::call && schedule_.stage[i] >= 0 && g_.modules[g_[i].aux].instances > 0;
  }
  int phase(int stage) const { return stage % schedule_.interval; }

  void use(NodeId value, int stage) {
    if (g_[value].is_wire()) {
      for (NodeId k : g_[value].in) use(k, stage);
    } else {
      last_use_[value] = std::max(last_use_[value], stage);
    }
  }

  void find_last_uses() {
    last_use_ = schedule_.stage;
    for (NodeId i = 0; i < g_.size(); i++) {
      if (g_[i].is_wire() || schedule_.stage[i] < 0) continue;
      for (NodeId k : g_[i].in) use(k, schedule_.stage[i] - g_.latency(i));
    }
  }

  /// Shared calls that the operands of a node come from, through a few others.
  void sources(NodeId i, int hops, std::set<NodeId>& visited, std::vector<NodeId>& found) const {
    for (NodeId k : g_[i].in) {
      if (visited.size() > kMaxVisits || !visited.insert(k).second) continue;
      if (is_shared(k)) {
        found.push_back(k);
      } else if (hops > 0 || g_[k].is_wire()) {
        sources(k, hops - (g_[k].is_wire() ? 0 : 1), visited, found);
      }
    }
  }

  /// Among those that are free: the one that most of the operands come from.
  int best_instance(NodeId call) const {
    std::set<NodeId> visited;
    std::vector<NodeId> found;
    sources(call, kHopsToSource, visited, found);
    int best = -1;
    long most = -1;
    for (int k = 0; k < g_.modules[g_[call].aux].instances; k++) {
      const auto busy = busy_.find({g_[call].aux, k});
      if (busy != busy_.end() && busy->second.count(phase(schedule_.stage[call]))) continue;
      const long own =
          llvm::count_if(found, [&](NodeId i) { return g_[i].aux == g_[call].aux && schedule_.instance[i] == k; });
      if (own > most) {
        most = own;
        best = k;
      }
    }
    return best;
  }

  /// The first register of the instance that is free for as long as the result is needed, at most until the next
  /// iteration's comes; then others take over.
  void bind_result(NodeId call) {
    const int from = schedule_.stage[call];
    const int until = std::min(last_use_[call], from + schedule_.interval - 1);
    schedule_.held_until[call] = until;
    std::vector<Phases>& registers = registers_[{g_[call].aux, schedule_.instance[call]}];
    const auto is_free = [&](const Phases& taken) {
      for (int s = from; s <= until; s++) {
        if (taken.count(phase(s))) return false;
      }
      return true;
    };
    const auto found = llvm::find_if(registers, is_free);
    schedule_.result_register[call] = static_cast<int>(found - registers.begin());
    if (found == registers.end()) registers.emplace_back();
    for (int s = from; s <= until; s++) registers[schedule_.result_register[call]].insert(phase(s));
  }

  const Graph& g_;
  Schedule& schedule_;
  std::vector<int> last_use_;
  std::map<std::pair<int, int>, Phases> busy_;                    ///< by module and instance
  std::map<std::pair<int, int>, std::vector<Phases>> registers_;  ///< the same
};

}  // namespace

void bind_calls(const Graph& graph, Schedule& schedule) { Binder(graph, schedule).run(); }

}  // namespace sapulse::hlsc
