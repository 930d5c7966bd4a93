// SPDX-License-Identifier: Apache-2.0
// A kernel's simulation view from its bitcode.
#pragma once

#include <string>
#include <vector>

#include "emit/view.h"
#include "graph/graph.h"
#include "llvm/IR/Function.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

/// The kernel as RTL.
struct ScheduledKernel {
  const Graph& graph;
  const Schedule& schedule;
  RtlModules modules;
  bool parity = false;  ///< as of emit_kernel()
};

struct View {
  std::string verilog;  ///< a module with the kernel's name and ports; needs the C++ beside it
  std::string cpp;      ///< needs hls_view.h, and the functions that stay C++
};

/// @param function in bitcode as prepare() takes it
/// @param natives functions that stay C++, by their qualified names
View compile_view(llvm::Function& function, const std::string& kernel, const std::vector<std::string>& natives,
                  const ScheduledKernel& rtl);

}  // namespace sapulse::hlsc
