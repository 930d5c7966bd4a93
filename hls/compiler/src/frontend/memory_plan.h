// SPDX-License-Identifier: Apache-2.0
// Which accesses to memory ports are bursts, and which channel each one has.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"

namespace sapulse::hlsc {

/// An hls.load or hls.store.
struct MemorySite {
  llvm::CallInst* call;
  bool is_write;
  unsigned position;  ///< of the memory port, among the parameters
  unsigned shift;     ///< log2 of the bytes of an element
  llvm::Loop* loop;   ///< the innermost one around it, or null
  bool is_burst = false;
  const llvm::SCEV* first = nullptr;  ///< element, as i64, of a burst
  const llvm::SCEV* words = nullptr;  ///< of a burst: elements, as i64
  std::string reason;                 ///< why it is none
  unsigned channel = 0;               ///< of a read: among those of the memory
};

struct MemoryPlan {
  std::vector<MemorySite> sites;  ///< in the order of the blocks
  std::map<unsigned, std::string> names;  ///< of the memories, by position

  bool is_written(unsigned position) const;
};

/// The loops must have preheaders.
MemoryPlan plan_memory_accesses(llvm::Function& f, const llvm::DominatorTree& dominators, llvm::LoopInfo& loops,
                                llvm::ScalarEvolution& evolution);

/// "kernel.cpp:12: read of 'a': burst" and so on, for a report.
std::vector<std::string> describe(const MemoryPlan& plan);

}  // namespace sapulse::hlsc
