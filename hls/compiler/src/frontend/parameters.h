// SPDX-License-Identifier: Apache-2.0
// Parameters of functions: what the C++ source says (debug information) next to how clang passes them.
#pragma once

#include <string>
#include <vector>

#include "frontend/debug_types.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"

namespace sapulse::hlsc {

/// Of a kernel's result, as an output; with _member behind it for each scalar of a struct.
inline constexpr const char kResultName[] = "ap_return";

struct Parameter {
  std::string name;
  const llvm::DIType* type = nullptr;
  llvm::Argument* argument = nullptr;
  bool is_stream = false;           ///< or an array of streams
  bool is_written_through = false;  ///< a pointer or a reference to something that is not const; no stream
  bool is_pointer = false;          ///< written through a pointer
};

SourceLocation location_of(const llvm::Function& f);
/// All parameters but the hidden one of a returned class.
std::vector<Parameter> parameters_of(llvm::Function& f);
/// The returned type, or null for void.
const llvm::DIType* return_type_of(const llvm::Function& f);
unsigned total_width(const std::vector<Leaf>& leaves);

/// The scalar at a leaf of an object in memory, as an integer of the leaf's width.
llvm::Value* load_leaf(llvm::IRBuilder<>& b, llvm::Value* object, const Leaf& leaf);
void store_leaf(llvm::IRBuilder<>& b, llvm::Value* object, const Leaf& leaf, llvm::Value* value);
/// All leaves of an object as one integer, the first leaf in the least significant bits.
llvm::Value* load_packed(llvm::IRBuilder<>& b, llvm::Value* object, const std::vector<Leaf>& leaves);
void store_packed(llvm::IRBuilder<>& b, llvm::Value* object, const std::vector<Leaf>& leaves, llvm::Value* value);
/// A call of hls.argument.
llvm::Value* declare_argument(llvm::IRBuilder<>& b, std::uint32_t number, unsigned width);
/// Memory for an object with these leaves.
llvm::AllocaInst* allocate(llvm::IRBuilder<>& b, const llvm::DIType* type);

}  // namespace sapulse::hlsc
