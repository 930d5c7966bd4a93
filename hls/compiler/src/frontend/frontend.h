// SPDX-License-Identifier: Apache-2.0
// From clang's bitcode to functions without loops, memory and calls, ready for lowering.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "frontend/memory_ports.h"
#include "graph/channels.h"
#include "graph/graph.h"
#include "llvm/IR/Module.h"

namespace sapulse::hlsc {

/// Attribute of global variables: a constant table that is to be in block RAM.
inline constexpr const char* kBlockRam = "hlsc-block-ram";

/// A variable that was never set, or a scalar of one.
struct UninitialisedVariable {
  std::string name;
  SourceLocation location;
};

/// A function that stays C++.
struct NativeFunction {
  std::string name;  ///< qualified
  std::string file;  ///< in which it is
  unsigned width;    ///< bits of its result
};

/// A kernel or a module function.
struct Unit {
  llvm::Function* function = nullptr;
  std::string name;
  bool is_module = false;
  bool has_steps = false;                ///< a call is several iterations
  int interval = 1;                      ///< cycles between iterations that the source asks for
  std::vector<ScalarPort> arguments;     ///< scalar arguments of a kernel, operands of a module function
  std::vector<ScalarPort> outputs;       ///< scalars that a kernel writes
  std::string callee;                    ///< module function: the IR function that stands for a call
  std::optional<NativeFunction> native;  ///< there is no function: calls stay calls of this one
  std::vector<UninitialisedVariable> uninitialised;
  std::vector<Channel> channels;             ///< to memory ports
  std::vector<std::string> memory_accesses;  ///< what became of those of the source: "file:line: .."
  Surroundings surroundings;
  std::vector<std::string> notes;  ///< what is not as in the source: "file:line:column: note: .."
};

/// The function `wanted`, its name qualified where it has to be; "f<8>" of a template. Refuses one that is not there,
/// or is not the only one.
llvm::Function* find_function(llvm::Module& m, const std::string& wanted);

/// The kernel or network: the template instance that a source has been given, or else find_function().
llvm::Function* find_top(llvm::Module& m, const std::string& wanted);

/// Prepares a kernel and the module functions that it uses: callees first, the kernel last. Changes the whole module.
/// The bitcode is that of `clang++-19 -O1 -Xclang -disable-llvm-passes -g -DHLSC`. Throws Error.
/// @param name of the kernel
/// @param surroundings which parameters are memory ports
/// @param natives qualified names of functions that stay C++: pure functions of scalars. They are units without a
/// function, before all others
std::vector<Unit> prepare(llvm::Function& kernel, const std::string& name, const Surroundings& surroundings = {},
                          const std::vector<std::string>& natives = {});

}  // namespace sapulse::hlsc
