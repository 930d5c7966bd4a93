// SPDX-License-Identifier: Apache-2.0
// A kernel, or a network of them, from bitcode to SystemVerilog.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cosim/given.h"
#include "llvm/IR/Module.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {

struct CompileOptions {
  std::string top;
  double megahertz = 0;  ///< only for the report
  ScheduleOptions schedule;
  int interval = 0;        ///< cycles between iterations of the kernel; 0: as its source says
  std::string dump_after;  ///< name of a pass
  std::function<void(const std::string& graph)> show_graph;  ///< gets the graph of each unit after that pass
  bool simulation = false;                                   ///< make a C++ simulation, too
  bool bench = false;                                        ///< make a co-simulation, too
  std::map<std::string, std::uint64_t> below;  ///< upper bounds of its random scalars and members, by name
  Given given;                                 ///< words of its streams and scalars that are not random
  bool view = false;                           ///< a simulation view as well
  std::vector<std::string> natives;            ///< functions that stay C++ in it, by their qualified names
  bool parity = false;                         ///< its output queues have parity, and it has an output memory_fault
  bool reference = false;                      ///< what a proof compares the kernel with
  bool allow_slow = false;                     ///< what does not fit the levels of a stage is a warning, not an error
};

/// What a co-simulation is made of, besides the kernel.
struct Bench {
  std::string program;  ///< C++; includes the Verilated wrapper, cosim_program.h, source.h, simulation.h, layout.h
  std::string wrapper;  ///< SystemVerilog: a module whose streams have no side channels
};

struct Compilation {
  std::string verilog;
  std::string report;
  std::string view_verilog, view_cpp;        ///< simulation view
  std::string reference, places;             ///< if asked for: combinational SystemVerilog, and JSON beside it
  std::string layout;                        ///< C++ header for co-simulations
  std::string simulation;                    ///< if asked for: C++ header that adds the processes to an hls::simulation
  Bench bench;                               ///< if asked for
  std::vector<std::string> warnings, notes;  ///< with their locations
};

/// Throws Error for everything that is not supported, and for what does not fit a stage unless that is allowed.
Compilation compile(llvm::Module& module, const CompileOptions& options);

}  // namespace sapulse::hlsc
