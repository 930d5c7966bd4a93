// SPDX-License-Identifier: Apache-2.0
// Loops where an iteration starts every few cycles.
//
// What a loop carries over (registers, memories) is there from its first stage on, and has to have its next value when
// the next iteration comes to that stage: the loop may take as many cycles as there are between iterations.
#include <algorithm>

#include "llvm/ADT/STLExtras.h"
#include "schedule/recurrence.h"
#include "schedule/scheduler.h"

namespace sapulse::hlsc {

namespace {

/// More than any cone of logic has.
constexpr int kUnlimitedLevels = 255;

}  // namespace

int Scheduler::earliest_in_loop(NodeId i, int first) {
  if (g_[i].is_source()) return first;
  int stage = std::max(earliest_stage(i), first);
  if (g_[i].op != Op::ram_write) return stage;
  for (NodeId k = 0; k < g_.size(); k++) {  // an iteration does not see what it writes itself
    if (g_[k].op == Op::ram_read && g_[k].aux == g_[i].aux) stage = std::max(stage, schedule_.stage[k]);
  }
  return stage;
}

void Scheduler::try_in_loop(NodeId i, int first) {
  int& stage = schedule_.stage[i];
  stage = earliest_in_loop(i, first);
  if (g_[i].is_sink()) return;
  if (timing_.evaluate(i, stage) > budget_ && !controls_reads_[i]) timing_.evaluate(i, ++stage);
}

/// Cycles that a loop takes from a stage on, with the levels of the budget in each.
int Scheduler::loop_cycles(const std::vector<NodeId>& nodes, int first) {
  int last = first;
  for (NodeId i : nodes) {
    try_in_loop(i, first);
    last = std::max(last, schedule_.stage[i]);
  }
  return last - first + 1;
}

/// The fewest levels per stage, no less than there are, at which a loop takes no more cycles than it has.
int Scheduler::budget_for_loop(const std::vector<NodeId>& nodes, int first) {
  budget_ = kUnlimitedLevels;
  if (const int cycles = loop_cycles(nodes, first); cycles > options_.interval) {
    const NodeId latest =
        *llvm::max_element(nodes, [&](NodeId a, NodeId b) { return timing_.latency(a) < timing_.latency(b); });
    fail_recurrence(g_.location(latest), "the recurrence of " + loop_name(nodes) + " takes " + std::to_string(cycles) +
                                             " cycles; one iteration starts every " +
                                             std::to_string(options_.interval));
  }
  for (budget_ = options_.levels; loop_cycles(nodes, first) > options_.interval;) budget_++;
  return budget_;
}

void Scheduler::place_in_loop(NodeId i, int first) {
  if (g_[i].is_sink()) {
    place(i, earliest_in_loop(i, first));
  } else {
    place_node(i, earliest_in_loop(i, first));
  }
}

void Scheduler::place_spread_loop(const std::vector<NodeId>& component) {
  const std::set<NodeId> inside(component.begin(), component.end());
  const std::vector<NodeId> nodes = loop_order(component, inside);
  const bool controls = llvm::any_of(nodes, [&](NodeId i) { return controls_reads_[i] != 0; });
  for (NodeId i : nodes) in_loop_[i] = 1;
  const int first = controls ? 0 : earliest_loop_stage(nodes, inside);
  budget_ = budget_for_loop(nodes, first);
  slack_ = options_.interval - loop_cycles(nodes, first);
  int worst = 0, last = first;
  for (NodeId i : nodes) {
    place_in_loop(i, first);
    worst = std::max(worst, schedule_.level[i]);
    last = std::max(last, schedule_.stage[i]);
  }
  schedule_.recurrences.push_back({loop_name(nodes), worst, first, controls, last - first + 1});
  if (budget_ > options_.levels) violation(slowest_of(nodes), "the recurrence of " + loop_name(nodes), worst);
  budget_ = options_.levels;
}

}  // namespace sapulse::hlsc
