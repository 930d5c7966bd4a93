// SPDX-License-Identifier: Apache-2.0
#include "schedule/scheduler.h"

#include <algorithm>
#include <functional>
#include <map>

#include "graph/demand.h"
#include "llvm/ADT/STLExtras.h"
#include "schedule/binding.h"
#include "schedule/recurrence.h"
#include "schedule/sharing.h"

namespace sapulse::hlsc {

namespace {

constexpr std::size_t kLongestChain = 3;  ///< an XOR of so many operands needs no groups

}  // namespace

Scheduler::Scheduler(Graph& g, const ScheduleOptions& options)
    : g_(g),
      options_(options),
      budget_(options.levels),
      timing_(g, schedule_.stage),
      reservations_(g, options.interval) {
  timing_.set_demand(demanded_bits(g));
  grow();
}

void Scheduler::grow() {
  const std::size_t n = g_.nodes.size();
  schedule_.stage.resize(n, -1);
  schedule_.level.resize(n, 0);
  in_loop_.resize(n, 0);
  controls_reads_.resize(n, 0);
  timing_.grow();
}

std::string Scheduler::label(NodeId i) const {
  const Node& n = g_[i];
  return "'" + (n.name.empty() ? std::string(op_name(n.op)) : n.name) + "'";
}

void Scheduler::violation(NodeId at, const std::string& what, int level) {
  schedule_.violations.push_back(
      {g_.location(at), what + " needs " + std::to_string(level) + " LUT levels of " + std::to_string(options_.levels),
       in_loop_[at] ? level : 0});
}

void Scheduler::place(NodeId i, int stage) {
  schedule_.stage[i] = stage;
  schedule_.level[i] = g_[i].is_sink() ? 0 : timing_.evaluate(i, stage);
  reservations_.take(i, stage);
  order_.push_back(i);
}

int Scheduler::earliest_stage(NodeId i) {
  int stage = 0;
  for (NodeId k : g_[i].in) {
    for (int b : timing_.bits(k)) {
      if (b >= 0 && g_[timing_.owner(b)].op != Op::argument) stage = std::max(stage, schedule_.stage[timing_.owner(b)]);
    }
  }
  return stage + timing_.latency(i);
}

int Scheduler::stage_of_sink(NodeId i) {
  const Node& n = g_[i];
  const int stage = earliest_stage(i);
  if (n.op == Op::read || n.op == Op::wait) {
    if (stage > 0) {
      fail(g_.location(n.in[0]).line ? g_.location(n.in[0]) : g_.streams[n.aux].location,
           std::string("the condition for ") + (n.op == Op::read ? "reading" : "writing") + " stream '" +
               g_.streams[n.aux].name +
               "' is not known in stage 0 (it depends on a memory or on a module with a latency)");
    }
    return 0;
  }
  if (n.op != Op::output) return stage;
  // The output queue looks at the condition in the same cycle; its multiplexer can stand behind the word's register.
  if (timing_.level_of(n.in[0], stage) >= options_.levels) return stage + 1;
  if (timing_.level_of(n.in[1], stage) >= options_.levels) schedule_.late_outputs.insert(i);
  return stage;
}

void Scheduler::place_node(NodeId i, int not_before) {
  if (g_[i].is_wire()) return;
  if (g_[i].is_sink() || g_[i].is_source()) {
    place(i, g_[i].is_sink() ? stage_of_sink(i) : not_before);
    return;
  }
  int stage = std::max(earliest_stage(i), not_before);
  int level = timing_.evaluate(i, stage);
  if (level > budget_ && controls_reads_[i]) {
    violation(i, label(i) + ", which decides about a read in stage 0,", level);
  } else if (level > budget_) {
    if (g_[i].is_gate() && g_[i].in.size() > 2 && !in_loop_[i] && split_gate(i, stage + 1)) return;
    if (timing_.evaluate(i, stage + 1) < level) stage++;
    level = timing_.evaluate(i, stage);
    if (level > budget_) violation(i, label(i) + " by itself", level);
  }
  place(i, free_stage(i, stage));
}

/// The first stage from one on in which a call finds an instance. A loop that cannot wait gets one more.
int Scheduler::free_stage(NodeId i, int stage) {
  const int free = reservations_.next_free(i, stage);
  if (!in_loop_[i]) return free;
  if (free - stage > slack_) {
    g_.modules[g_[i].aux].instances++;
    return stage;
  }
  slack_ -= free - stage;
  return free;
}

/// Stage and level in which a value arrives.
std::pair<int, int> Scheduler::arrival(NodeId value) {
  std::pair<int, int> worst{0, 0};
  for (int b : timing_.bits(value)) {
    if (b < 0) continue;
    const NodeId o = timing_.owner(b);
    const int stage = g_[o].op == Op::argument ? 0 : schedule_.stage[o];
    worst = std::max(worst, {stage, schedule_.level[o]});
  }
  return worst;
}

/// A gate of some operands, if it fits a stage before the given one.
NodeId Scheduler::partial_gate(NodeId i, ArrayRef<NodeId> operands, int before, bool commit) {
  g_.current_name = g_[i].name;
  g_.current_location = g_[i].location;
  const NodeId k = g_.make(g_[i].op, g_[i].width, operands);
  grow();
  const int stage = earliest_stage(k);
  if (stage >= before || timing_.evaluate(k, stage) > budget_) return kNoNode;
  if (commit && schedule_.stage[k] < 0) place(k, stage);
  return k;
}

/// Reduces as many operands as possible before the stage, the rest in it.
bool Scheduler::split_gate(NodeId i, int stage) {
  SmallVector<NodeId, 8> in(g_[i].in.begin(), g_[i].in.end());
  std::map<NodeId, std::pair<int, int>> arrivals;
  for (NodeId k : in) arrivals[k] = arrival(k);
  llvm::stable_sort(in, [&](NodeId a, NodeId b) { return arrivals[a] < arrivals[b]; });
  std::size_t low = 2, high = in.size() - 1, best = 0;
  while (low <= high) {
    const std::size_t middle = (low + high) / 2;
    if (partial_gate(i, ArrayRef<NodeId>(in).take_front(middle), stage, false) != kNoNode) {
      best = middle;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  if (best == 0) return false;
  const NodeId part = partial_gate(i, ArrayRef<NodeId>(in).take_front(best), stage, true);
  g_[i].in.assign(in.begin() + static_cast<std::ptrdiff_t>(best), in.end());
  g_[i].in.push_back(part);
  place_node(i);
  return true;
}

// ---- loops

/// Operands first, without the loop-carried dependences.
std::vector<NodeId> Scheduler::loop_order(const std::vector<NodeId>& component, const std::set<NodeId>& inside) const {
  std::vector<NodeId> order;
  std::set<NodeId> visited;
  std::function<void(NodeId)> visit = [&](NodeId i) {
    if (!visited.insert(i).second) return;
    for (NodeId k : g_[i].in) {
      if (inside.count(k)) visit(k);
    }
    if (g_[i].op == Op::ram_write) {
      for (NodeId k : component) {
        if (g_[k].op == Op::ram_read && g_[k].aux == g_[i].aux) visit(k);
      }
    }
    if (!g_[i].is_wire()) order.push_back(i);
  };
  for (NodeId i : component) visit(i);
  return order;
}

int Scheduler::earliest_loop_stage(const std::vector<NodeId>& nodes, const std::set<NodeId>& inside) {
  int stage = 0;
  for (NodeId i : nodes) {
    const int latency = timing_.latency(i);
    stage = std::max(stage, latency);
    for (NodeId k : g_[i].in) {
      for (int b : timing_.bits(k)) {
        const NodeId o = b < 0 ? kNoNode : timing_.owner(b);
        if (o != kNoNode && !inside.count(o) && g_[o].op != Op::argument)
          stage = std::max(stage, schedule_.stage[o] + latency);
      }
    }
  }
  return stage;
}

int Scheduler::evaluate_loop(const std::vector<NodeId>& nodes, int stage) {
  int worst = 0;
  for (NodeId i : nodes) schedule_.stage[i] = stage;
  for (NodeId i : nodes) {
    if (!g_[i].is_sink()) {
      worst = std::max(worst, timing_.evaluate(i, stage));
      continue;
    }
    for (NodeId k : g_[i].in) worst = std::max(worst, timing_.level_of(k, stage));
  }
  return worst;
}

/// What cannot be in a loop of one cycle.
void Scheduler::refuse_latency(const std::vector<NodeId>& nodes, const std::set<NodeId>& inside) {
  for (NodeId i : nodes) {
    const Node& n = g_[i];
    if (n.op == Op::call && g_.modules[n.aux].latency > 0) {
      fail_recurrence(g_.location(i), "module '" + g_.modules[n.aux].name + "' has a latency of " +
                                          std::to_string(g_.modules[n.aux].latency) + " and is part of a recurrence (" +
                                          loop_name(nodes) + "); one iteration starts every cycle");
    }
    if (n.op == Op::rom && timing_.latency(i) > 0) {
      fail_recurrence(g_.location(i), "table '" + g_.tables[n.aux].name +
                                          "' is in block RAM, which takes a cycle, and is part of a recurrence (" +
                                          loop_name(nodes) + "); one iteration starts every cycle");
    }
    if (n.op != Op::ram_read || timing_.latency(i) == 0) continue;
    for (int b : timing_.bits(n.in[0])) {
      if (b >= 0 && inside.count(timing_.owner(b))) {
        fail_recurrence(g_.location(i).line ? g_.location(i) : g_.memories[n.aux].location,
                        "memory '" + g_.memories[n.aux].name +
                            "': the address depends on what was read from it, or on a value that does");
      }
    }
  }
}

void Scheduler::check_loop(const std::vector<NodeId>& nodes, const std::set<NodeId>& inside, int stage) {
  refuse_latency(nodes, inside);
  if (stage == 0) return;
  for (NodeId i : nodes) {
    if (controls_reads_[i]) {
      fail(g_.location(i), "the condition for reading or writing a stream depends on " + loop_name(nodes) +
                               ", which does not fit stage 0");
    }
  }
}

std::string Scheduler::loop_name(const std::vector<NodeId>& nodes) const {
  std::set<std::string> names;
  for (NodeId i : nodes) {
    if (g_[i].op == Op::state) names.insert(g_.registers[g_[i].aux].name);
    if (g_[i].op == Op::ram_write) names.insert(g_.memories[g_[i].aux].name);
  }
  std::string r;
  for (const std::string& n : names) {
    if (r.size() > 60) return r + ", ...";
    r += (r.empty() ? "" : ", ") + n;
  }
  return r;
}

void Scheduler::place_loop(const std::vector<NodeId>& component) {
  const std::set<NodeId> inside(component.begin(), component.end());
  const std::vector<NodeId> nodes = loop_order(component, inside);
  const bool controls = llvm::any_of(nodes, [&](NodeId i) { return controls_reads_[i] != 0; });
  for (NodeId i : nodes) in_loop_[i] = 1;
  int stage = earliest_loop_stage(nodes, inside);
  check_loop(nodes, inside, stage);
  int level = evaluate_loop(nodes, stage);
  if (level > options_.levels && !controls) {
    if (const int next = evaluate_loop(nodes, stage + 1); next < level) {
      level = next;
      stage++;
    }
  }
  for (NodeId i : nodes) schedule_.stage[i] = stage;
  schedule_.recurrences.push_back({loop_name(nodes), level, stage, controls});
  for (NodeId i : nodes) place(i, stage);
  if (level > options_.levels) violation(slowest_of(nodes), "the recurrence of " + loop_name(nodes), level);
}

/// The node of the highest level among those that the source says something about.
NodeId Scheduler::slowest_of(const std::vector<NodeId>& nodes) const {
  return *llvm::max_element(nodes, [&](NodeId a, NodeId b) {
    const auto rank = [&](NodeId i) { return g_.location(i).line ? schedule_.level[i] : -1; };
    return rank(a) < rank(b);
  });
}

// ---- all

Schedule Scheduler::run() {
  const Dependences dependences(g_);
  // What is carried over may take until the next iteration starts: with an interval of one, not even a cycle.
  controls_reads_ = dependences.controls_reads(options_.interval == 1);
  for (const auto& component : dependences.components()) {
    if (component.size() == 1) {
      place_node(component[0]);
    } else if (options_.interval == 1) {
      place_loop(component);
    } else {
      place_spread_loop(component);
    }
  }
  if (options_.retime) {
    std::vector<char> fixed(g_.nodes.size(), 0);
    for (NodeId i = 0; i < g_.size(); i++) fixed[i] = static_cast<char>(in_loop_[i] || controls_reads_[i]);
    Retimer(g_, schedule_, timing_, reservations_, order_, fixed, options_.levels).run();
  }
  finish();
  return std::move(schedule_);
}

void Scheduler::finish() {
  for (NodeId i : order_) {
    if (!g_[i].is_sink()) schedule_.level[i] = timing_.evaluate(i, schedule_.stage[i]);
    if (g_[i].op == Op::bit_xor && g_[i].in.size() > kLongestChain) schedule_.groups[i] = timing_.grouping(i);
    schedule_.last_stage = std::max(schedule_.last_stage, schedule_.stage[i]);
  }
  schedule_.stage_levels.assign(static_cast<std::size_t>(schedule_.last_stage) + 1, 0);
  for (NodeId i : order_) {
    int& worst = schedule_.stage_levels[schedule_.stage[i]];
    worst = std::max(worst, schedule_.level[i]);
  }
  keep_states();
  bind_calls(g_, schedule_);
}

/// State registers keep their value until they take the next one.
void Scheduler::keep_states() {
  schedule_.interval = options_.interval;
  schedule_.held_until = schedule_.stage;
  std::vector<int> update(g_.registers.size(), -1);
  for (NodeId i : g_.sinks) {
    if (g_[i].op == Op::state_next) update[g_[i].aux] = schedule_.stage[i];
  }
  for (NodeId i : order_) {
    if (g_[i].op == Op::state) schedule_.held_until[i] = std::max(schedule_.held_until[i], update[g_[i].aux]);
  }
}

Schedule schedule(Graph& graph, const ScheduleOptions& options) {
  if (options.interval > 1) {
    // A shared module has more latency: a recurrence that cannot wait for it keeps its modules for itself.
    try {
      Graph shared = share_modules(graph, options, CallsInLoops::shared);
      Schedule s = Scheduler(shared, options).run();
      if (recurrences_fit(s)) {
        graph = std::move(shared);
        return s;
      }
    } catch (const RecurrenceError& error) {
      (void)error;  // the recurrence may fit without sharing; if not, that is told below
    }
    graph = share_modules(graph, options, CallsInLoops::alone);
  }
  return Scheduler(graph, options).run();
}

}  // namespace sapulse::hlsc
