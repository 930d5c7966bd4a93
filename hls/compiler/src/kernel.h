// SPDX-License-Identifier: Apache-2.0
// One kernel from bitcode to SystemVerilog.
#pragma once

#include <string>
#include <vector>

#include "compile.h"
#include "frontend/memory_ports.h"
#include "graph/channels.h"
#include "graph/graph.h"
#include "llvm/IR/Function.h"

namespace sapulse::hlsc {

/// A question that a process asks: empty() or full() of a stream.
struct Question {
  std::string stream;     ///< of its module
  unsigned position = 0;  ///< among the parameters
  unsigned element = 0;   ///< of an array of streams
  bool is_full = false;
};
/// A constant that bits of an input stream's words are compared with.
struct Compared {
  std::string stream;
  unsigned low;  ///< first bit of the word
  APInt value;
};
/// A process in a network, or a kernel by itself.
struct Watched {
  std::string path;                 ///< "u_outer.u_inner." of its instance
  std::vector<Question> questions;  ///< in the order of its streams
  bool has_steps = false;           ///< a call is several iterations
};
/// A port that is neither of a stream nor a scalar of the source.
struct PlainPort {
  bool is_output;
  std::string name;
  unsigned width;
};

/// The ports of a kernel or a network, besides clock and reset.
struct Interface {
  std::vector<Stream> streams;
  std::vector<ScalarPort> arguments, outputs;
  std::vector<Channel> channels;   ///< to memory ports
  std::vector<std::string> calls;  ///< of each kernel that is called: the prefix of its streams
  std::vector<PlainPort> others;   ///< of memory ports and calls, outside of the module that has channels and calls
  std::vector<Compared> compared;  ///< what random words seldom are
  std::vector<Watched> processes;  ///< in the order in which a simulation adds them
};

/// A compiled kernel or network.
struct Part {
  std::string verilog;  ///< the module, and those that it uses in front of it
  std::string report;
  std::string view_verilog, view_cpp;  ///< simulation view of a kernel, if asked for
  std::string reference, places;       ///< of a kernel and its module functions, for a proof, if asked for
  std::string simulation;              ///< C++ functions that simulate it
  Interface interface;
  std::vector<std::string> warnings, notes;  ///< with their locations
};

/// Refuses reserved words of SystemVerilog as names of a unit and its scalars.
void check_names(const std::string& unit, const std::vector<ScalarPort>& arguments,
                 const std::vector<ScalarPort>& outputs);

/// Changes the function's module. Throws Error.
/// @param kernel name of the SystemVerilog module
Part compile_kernel(llvm::Function& function, const std::string& kernel, const Surroundings& surroundings,
                    const CompileOptions& options);

}  // namespace sapulse::hlsc
