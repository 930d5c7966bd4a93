// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "emit/emit.h"
#include "emit/names.h"

namespace sapulse::hlsc {

/// The code of module functions with so many operations is shared by all instances in simulation.
inline constexpr int kMinSharedSize = 48;

class Emitter {
 public:
  Emitter(const Graph& g, const Schedule& s, std::string name, const std::string& kernel, bool is_kernel,
          bool parity = false);
  Emission run();
  /// Stage 0 alone, up to what starts an iteration and takes its inputs; `endmodule` is missing.
  Emission run_start();

 private:
  // which bits of which value are needed in which stage
  struct Window {
    unsigned lo = 0, hi = 0;  ///< [lo, hi); empty: not needed
    bool empty() const { return lo == hi; }
  };
  void compute_windows();
  void need(NodeId i, const APInt& bits, int stage, std::vector<std::vector<APInt>>& needed) const;
  APInt demand_of_operand(NodeId user, unsigned operand) const;
  int input_stage(NodeId i) const { return stage(i) - g_.latency(i); }
  int stage(NodeId i) const { return schedule_.stage[i]; }
  // windows.cpp: a value and its copies in registers. A register keeps it until the next iteration's comes.
  int copy(NodeId i, int stage) const;
  int first_stage(NodeId i, int copy) const;
  bool is_emitted(NodeId i) const { return !g_[i].is_wire() && stage(i) >= 0; }
  unsigned full_width(NodeId i) const { return g_[i].width; }

  // vectors of registered bits, so that concatenations of many bits become slices
  struct Chain {
    std::string name;
    int stage;
    std::vector<NodeId> bits;  ///< least significant first
  };
  void find_chains();
  void chains_of_stage(int stage, const std::vector<NodeId>& concats);
  void emit_chains(int stage);
  void hold_chain(const Chain& c, const std::string& text);
  int size() const;

  // names and expressions
  void assign_names();
  std::string wished_name(NodeId i) const;
  std::string name_in(NodeId i, int stage) const;
  std::string select(NodeId i, unsigned lo, unsigned width, int stage) const;
  std::string reference(NodeId value, int stage);
  std::string concatenation(NodeId value, int stage);
  std::string expression(NodeId i);
  std::string joined(NodeId i, const char* op);
  std::string grouped(NodeId i, const std::vector<std::vector<int>>& groups);
  // small_sums.cpp: sums as gates
  bool is_small_sum(NodeId i) const;
  std::string small_sum(NodeId i);
  std::string location_comment(NodeId i) const;

  // parts of the module
  void begin();
  std::string heading() const;
  void header();
  void join_channels(const Stream& s);
  const char* clock() const { return is_kernel_ ? "ap_clk" : "clk"; }
  void declarations();
  void stage_logic(int stage);
  void define(unsigned width, const std::string& name, const std::string& text, const std::string& comment = "");

  // tables.cpp
  std::string table_name(int table) const;
  void tables();
  void rom(NodeId i);
  void pairs_of_roms(int stage);

  // module functions under Verilator: the logic of a stage is a task, so that all instances share its code
  bool can_be_tasks() const;
  void module_stage(int stage);
  std::string stage_as_task(int stage);
  void node(NodeId i);
  void ram(NodeId i);
  void call(NodeId i);
  void ram_writes(int stage);
  void issue();
  void state_updates(int stage);
  void outputs(int stage);
  void assertions(int stage);
  void scalar_outputs(int stage);
  void result();
  void pipeline_registers();
  NodeId sink_of(Op op, int aux) const;
  NodeId state_of(int reg) const;
  std::map<NodeId, std::pair<NodeId, char>> rom_ports_;  ///< of reads of block RAM: the first read of its RAM, port
  // places.cpp
  std::string place_of_stream(int number) const;
  std::string place_of_node(NodeId i, Op op) const;
  std::string places() const;
  // sharing.cpp: instances that several calls share
  struct SharedInstance {
    int module, number;
    std::vector<NodeId> calls;
  };
  bool is_shared(NodeId i) const { return schedule_.instance[i] >= 0; }
  std::vector<SharedInstance> shared_instances() const;
  void name_shared();
  std::string result_register(NodeId call) const;
  void declare_shared();
  static std::string any_phase(const std::set<int>& phases);
  std::string operand_by_phase(const SharedInstance& s, unsigned operand, unsigned width);
  void emit_shared(const SharedInstance& s);
  void take_results(const SharedInstance& s, const std::string& result);
  // interval.cpp: cycles between iterations
  void phase_counter();
  int phase(int stage) const { return stage % schedule_.interval; }
  std::string in_phase_of(int stage) const;
  void on_clock_after(int stage, const std::string& moves);
  std::string valid(int stage) const { return "valid_s" + std::to_string(stage); }

  const Graph& g_;
  const Schedule& schedule_;
  std::string module_name_, package_name_;
  bool is_kernel_, has_parity_;
  Names names_;
  std::vector<std::string> name_;
  std::vector<APInt> demand_;
  std::vector<std::vector<Window>> windows_;  ///< [node][copy]; 0 is the value itself
  std::vector<std::vector<NodeId>> by_stage_;
  std::vector<char> emitted_;
  std::map<std::pair<NodeId, int>, std::string> helper_wires_;
  std::string context_;  ///< name of what is being emitted, for helper wires
  std::vector<Chain> chains_;
  std::set<std::size_t> held_widths_;
  std::map<std::pair<NodeId, int>, std::pair<int, int>> in_chain_;  ///< [node, stage]: chain, position
  std::vector<int> port_order_;
  std::map<std::pair<int, int>, std::string> shared_name_;  ///< by module and number of the instance
  bool in_task_ = false;
  std::set<std::string> task_outputs_;
  std::string task_locals_;
  mutable std::map<std::string, std::string> task_inputs_;  ///< name, range
  std::string tasks_;
  std::string table_modules_, out_;
  std::vector<std::string> faults_;  ///< wires of the output queues
  RegisterCount count_;
};

}  // namespace sapulse::hlsc
