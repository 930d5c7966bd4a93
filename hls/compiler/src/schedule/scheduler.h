// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "schedule/delay.h"
#include "schedule/dependences.h"
#include "schedule/reservations.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

/// Places nodes as early as possible; loops as a whole.
class Scheduler {
 public:
  Scheduler(Graph& g, const ScheduleOptions& options);
  Schedule run();

 private:
  void grow();
  void place(NodeId i, int stage);
  int earliest_stage(NodeId i);
  int free_stage(NodeId i, int stage);
  std::string label(NodeId i) const;
  void violation(NodeId at, const std::string& what, int level);

  void place_node(NodeId i, int not_before = 0);
  int stage_of_sink(NodeId i);
  bool split_gate(NodeId i, int stage);
  NodeId partial_gate(NodeId i, ArrayRef<NodeId> operands, int before, bool commit);
  std::pair<int, int> arrival(NodeId value);

  void place_loop(const std::vector<NodeId>& component);
  std::vector<NodeId> loop_order(const std::vector<NodeId>& component, const std::set<NodeId>& inside) const;
  int earliest_loop_stage(const std::vector<NodeId>& nodes, const std::set<NodeId>& inside);
  int evaluate_loop(const std::vector<NodeId>& nodes, int stage);
  void refuse_latency(const std::vector<NodeId>& nodes, const std::set<NodeId>& inside);
  void check_loop(const std::vector<NodeId>& nodes, const std::set<NodeId>& inside, int stage);
  std::string loop_name(const std::vector<NodeId>& nodes) const;
  NodeId slowest_of(const std::vector<NodeId>& nodes) const;

  // spread_loop.cpp: loops over several cycles
  void place_spread_loop(const std::vector<NodeId>& component);
  int earliest_in_loop(NodeId i, int first);
  void try_in_loop(NodeId i, int first);
  int loop_cycles(const std::vector<NodeId>& nodes, int first);
  int budget_for_loop(const std::vector<NodeId>& nodes, int first);
  void place_in_loop(NodeId i, int first);

  void finish();
  void keep_states();

  Graph& g_;
  ScheduleOptions options_;
  int budget_;     ///< levels per stage for what is being placed
  int slack_ = 0;  ///< cycles that calls in the loop that is being placed may wait for an instance
  Schedule schedule_;
  Timing timing_;
  Reservations reservations_;
  std::vector<NodeId> order_;  ///< of placement: operands first
  std::vector<char> in_loop_, controls_reads_;
};

/// Moves operations to later stages where that saves register bits.
class Retimer {
 public:
  Retimer(const Graph& g, Schedule& s, Timing& t, Reservations& r, const std::vector<NodeId>& order,
          const std::vector<char>& fixed, int levels);
  void run();

 private:
  bool can_move(NodeId i) const;
  void move_later(NodeId i);
  long gain(NodeId i, int target);
  bool try_move(NodeId i, int target);
  std::set<int> operand_bits(NodeId i);
  int last_use(int bit, NodeId except);

  const Graph& g_;
  Schedule& schedule_;
  Timing& timing_;
  Reservations& reservations_;
  const std::vector<NodeId>& order_;
  const std::vector<char>& fixed_;
  int levels_;
  std::vector<int> position_;
  std::vector<std::vector<NodeId>> users_;
};

}  // namespace sapulse::hlsc
