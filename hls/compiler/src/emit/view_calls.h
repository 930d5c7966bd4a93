// SPDX-License-Identifier: Apache-2.0
// The functions through which the two halves of a simulation view talk, and what both sides call their arguments.
#pragma once

#include <string>
#include <vector>

#include "emit/view.h"

namespace sapulse::hlsc {

struct ViewArgument {
  std::string name;
  unsigned width;
  bool is_output;
  std::string actual;  ///< what the module gives
  /// "input bit [7:0] x".
  std::string in_verilog() const;
  /// "const svBitVecVal* x".
  std::string in_cpp() const;
};

/// "hls_view_<kernel>_start".
std::string view_function(const ViewedKernel& kernel, const char* what);
/// An iteration starts: heads of the inputs, which of them are empty, scalar arguments; which assertions hold.
std::vector<ViewArgument> start_arguments(const ViewedKernel& kernel);
/// The end of a cycle: who takes a word; outputs in the next cycle.
std::vector<ViewArgument> clock_arguments(const ViewedKernel& kernel);
/// The sinks of one kind, by their numbers.
std::vector<NodeId> sinks_of(const Graph& g, Op op);
/// The stage of the RTL in which that is written.
int written_in_stage(const ViewedKernel& kernel, Op op, int aux);

}  // namespace sapulse::hlsc
