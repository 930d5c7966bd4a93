// SPDX-License-Identifier: Apache-2.0
// SystemVerilog in the subset shared by Verilator 5.006, Yosys 0.70 and Vivado.
#pragma once

#include <string>

#include "graph/graph.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

/// Register bits of a scheduled graph.
struct RegisterCount {
  std::vector<long> pipeline;  ///< by stage in which the registers are read, from 1
  long state = 0;
  long results = 0;  ///< around shared instances: results, and operands that are held
  long pipeline_total() const {
    long sum = results;
    for (long b : pipeline) sum += b;
    return sum;
  }
};

struct Emission {
  std::string text;   ///< the module, and one module per constant table in front of it
  std::string tasks;  ///< for the package of tasks that the module uses under Verilator
  RegisterCount registers;
  int size = 0;        ///< operations
  std::string places;  ///< for a proof: where the text has what the graph says, in JSON
};

/// Output of kernels whose queues have parity: a word has left with a flipped bit, a pulse.
inline constexpr const char* kMemoryFault = "memory_fault";

/// A kernel with valid/ready ports: ap_clk, ap_rst_n (synchronous), <stream>_tdata, _tvalid, _tready, scalar arguments.
/// @param parity its output queues have parity, and it has the output memory_fault
Emission emit_kernel(const Graph& graph, const Schedule& schedule, const std::string& name, bool parity = false);
/// What of a kernel decides whether an iteration starts: the first half of a module with the kernel's ports. It is
/// `valid_s0`; <stream>_room of outputs is left open, and so is memory_fault.
Emission emit_start(const Graph& graph, const Schedule& schedule, const std::string& name, bool parity);
/// A module function: clk, operands, result after a fixed number of cycles.
Emission emit_module(const Graph& graph, const Schedule& schedule, const std::string& name, const std::string& kernel);
/// The package of tasks of a kernel's module functions.
std::string task_package(const std::string& kernel);
/// Slots of the output queue that is written in a stage, with so many cycles between iterations.
unsigned queue_depth(int stage, int interval);

}  // namespace sapulse::hlsc
