// SPDX-License-Identifier: Apache-2.0
// The simulation view of a kernel: the same ports, cycle for cycle, without the pipeline. SystemVerilog decides when an
// iteration starts; C++ computes it at once and keeps its results until the stage that would write them.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

/// A kernel as RTL, and once more for software, where functions that stay C++ are calls.
struct ViewedKernel {
  const std::string& name;
  const Graph& rtl;
  const Schedule& schedule;  ///< of rtl
  const Graph& software;
  bool parity = false;  ///< it has the output memory_fault, which a view never sets
};

/// The module functions of a kernel as RTL.
struct RtlModules {
  std::string text;   ///< modules
  std::string tasks;  ///< for the package of tasks
};

/// Its module, with the module functions that it needs in front.
std::string emit_view_module(const ViewedKernel& kernel, const RtlModules& modules);
/// The C++ class and what SystemVerilog calls of it.
std::string emit_view_class(const ViewedKernel& kernel);

}  // namespace sapulse::hlsc
