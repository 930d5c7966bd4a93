// SPDX-License-Identifier: Apache-2.0
// Parameters of functions: what the C++ source says (debug information) next to how clang passes them.
#pragma once

#include <string>
#include <vector>

#include "frontend/debug_types.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"

namespace sapulse::hlsc {

struct Parameter {
  std::string name;
  const llvm::DIType* type = nullptr;
  llvm::Argument* argument = nullptr;
  bool isStream = false;
};

SourceLocation locationOf(const llvm::Function& f);
/// All parameters but the hidden one of a returned class. Refuses those that can be written through.
std::vector<Parameter> parametersOf(llvm::Function& f);
/// The returned type, or null for void.
const llvm::DIType* returnTypeOf(const llvm::Function& f);
unsigned totalWidth(const std::vector<Leaf>& leaves);

/// The scalar at a leaf of an object in memory, as an integer of the leaf's width.
llvm::Value* loadLeaf(llvm::IRBuilder<>& b, llvm::Value* object, const Leaf& leaf);
void storeLeaf(llvm::IRBuilder<>& b, llvm::Value* object, const Leaf& leaf, llvm::Value* value);
/// All leaves of an object as one integer, the first leaf in the least significant bits.
llvm::Value* loadPacked(llvm::IRBuilder<>& b, llvm::Value* object, const std::vector<Leaf>& leaves);
void storePacked(llvm::IRBuilder<>& b, llvm::Value* object, const std::vector<Leaf>& leaves, llvm::Value* value);
/// Memory for an object with these leaves.
llvm::AllocaInst* allocate(llvm::IRBuilder<>& b, const llvm::DIType* type);

}  // namespace sapulse::hlsc
