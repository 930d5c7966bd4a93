// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Passes/PassBuilder.h"

namespace sapulse::hlsc {

/// LLVM's pass managers.
class PassRunner {
 public:
  PassRunner();
  void on_module(llvm::Module& m, const std::function<void(llvm::ModulePassManager&)>& build);
  void on_function(llvm::Function& f, const std::function<void(llvm::FunctionPassManager&)>& build);
  /// Calls `use` with what is known of a function's loops.
  void with_loops(llvm::Function& f,
                  const std::function<void(const llvm::DominatorTree&, llvm::LoopInfo&, llvm::ScalarEvolution&)>& use);
  /// The first instruction of some loop that is left, or null.
  const llvm::Instruction* some_loop(llvm::Function& f);
  /// Asks for complete unrolling of all loops but those that access a stream in each pass.
  void mark_loops_for_unrolling(llvm::Function& f);

 private:
  llvm::LoopAnalysisManager lam_;
  llvm::FunctionAnalysisManager fam_;
  llvm::CGSCCAnalysisManager cgam_;
  llvm::ModuleAnalysisManager mam_;
  llvm::PassBuilder builder_;
};

/// Lifts limits that are meant for processors, of LLVM's options and of the module.
void lift_limits(llvm::Module& m);
/// Inlines everything else into the roots.
void inline_all(llvm::Module& m, PassRunner& passes, const std::set<const llvm::Function*>& roots);
/// Unrolls all loops but those that access a stream in each pass, and cleans up.
void unroll_loops(llvm::Function& f, PassRunner& passes);
/// SROA, if-conversion, combining. late: also hoists and speculates.
void add_cleanup(llvm::FunctionPassManager& p, bool late);

}  // namespace sapulse::hlsc
