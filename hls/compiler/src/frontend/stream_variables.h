// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "network/network.h"

namespace sapulse::hlsc {

/// The streams that a network gives to its processes: ports, and variables of its own.
class StreamVariables {
 public:
  /// @param original the network as it was, with its debug information
  /// @param copy what the streams are found in
  StreamVariables(llvm::Function& original, llvm::Function& copy);

  /// The number of a stream. Refuses one that is neither a parameter nor a variable.
  int variable(llvm::Value* base, const llvm::CallInst& at);
  /// All that there are, with their depths.
  std::vector<StreamVariable> finish();

 private:
  int add(const llvm::Value* base, const StreamVariable& v);
  void state_depths();

  llvm::Function& original_;
  std::vector<StreamVariable> all_;
  std::map<const llvm::Value*, int> numbers_;
};

}  // namespace sapulse::hlsc
