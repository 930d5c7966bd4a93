// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Passes/PassBuilder.h"

namespace sapulse::hlsc {

/// LLVM's pass managers.
class PassRunner {
 public:
  PassRunner();
  void onModule(llvm::Module& m, const std::function<void(llvm::ModulePassManager&)>& build);
  void onFunction(llvm::Function& f, const std::function<void(llvm::FunctionPassManager&)>& build);
  bool hasLoops(llvm::Function& f);
  /// The first instruction of some loop that is left, or null.
  const llvm::Instruction* someLoop(llvm::Function& f);
  /// Asks for complete unrolling of all loops.
  void markLoopsForUnrolling(llvm::Function& f);

 private:
  llvm::LoopAnalysisManager lam_;
  llvm::FunctionAnalysisManager fam_;
  llvm::CGSCCAnalysisManager cgam_;
  llvm::ModuleAnalysisManager mam_;
  llvm::PassBuilder builder_;
};

/// SROA, if-conversion, combining. late: also hoists and speculates.
void addCleanup(llvm::FunctionPassManager& p, bool late);

}  // namespace sapulse::hlsc
