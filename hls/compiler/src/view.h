// SPDX-License-Identifier: Apache-2.0
// A kernel's simulation view from its bitcode.
#pragma once

#include <string>
#include <vector>

#include "emit/view.h"
#include "graph/graph.h"
#include "llvm/IR/Module.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

/// The kernel as RTL.
struct ScheduledKernel {
  const Graph& graph;
  const Schedule& schedule;
  RtlModules modules;
};

struct View {
  std::string verilog;  ///< a module with the kernel's name and ports; needs the C++ beside it
  std::string cpp;      ///< needs hls_view.h, and the functions that stay C++
};

/// @param module bitcode as prepare() takes it
/// @param natives functions that stay C++, by their qualified names
View compile_view(llvm::Module& module, const std::string& top, const std::vector<std::string>& natives,
                  const ScheduledKernel& rtl);

}  // namespace sapulse::hlsc
