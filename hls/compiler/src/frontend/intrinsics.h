// SPDX-License-Identifier: Apache-2.0
// Calls of functions "hls.*" carry everything that is not plain integer code through LLVM's passes.
#pragma once

#include <string>

#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

namespace sapulse::hlsc::intrinsics {

inline constexpr const char kRead[] = "hls.read.";          ///< iN (ptr stream)
inline constexpr const char kWrite[] = "hls.write.";        ///< void (ptr stream, iN)
inline constexpr const char kLoad[] = "hls.load.";          ///< iN (i32 position of the memory port, i64 element)
inline constexpr const char kStore[] = "hls.store.";        ///< void (i32 position, i64 element, iN, iN/8 byte strobes)
inline constexpr const char kEmpty[] = "hls.empty";         ///< i1 (ptr stream)
inline constexpr const char kFull[] = "hls.full";           ///< i1 (ptr stream)
inline constexpr const char kAssert[] = "hls.assert";       ///< void (i1 holds)
inline constexpr const char kGet[] = "hls.get.";            ///< iN (ptr static, i64 byte offset)
inline constexpr const char kSet[] = "hls.set.";            ///< void (ptr static, i64 byte offset, iN)
inline constexpr const char kUndef[] = "hls.undef.";        ///< iN (i32 number of the variable)
inline constexpr const char kArgument[] = "hls.argument.";  ///< iN (i32 number of the argument)
inline constexpr const char kPort[] = "hls.port.";          ///< void (i32 number of the output, iN, i1 written)
inline constexpr const char kResult[] = "hls.result.";      ///< void (iN)
inline constexpr const char kCall[] = "hls.call.";          ///< iN (operands...), followed by the name of the module

/// Name of the constant that stands for a stream that is no parameter, followed by the name of the stream.
inline constexpr const char kStream[] = "hls.stream.";

enum class Effect { pure, ordered };

/// "i32".
inline std::string type_suffix(const llvm::Type* t) { return "i" + std::to_string(t->getIntegerBitWidth()); }

inline llvm::FunctionCallee declare(llvm::Module& m, const std::string& name, llvm::FunctionType* type, Effect effect) {
  llvm::FunctionCallee callee = m.getOrInsertFunction(name, type);
  auto* f = llvm::cast<llvm::Function>(callee.getCallee());
  f->setDoesNotThrow();
  f->setWillReturn();
  if (effect == Effect::pure) {
    f->setDoesNotAccessMemory();
    f->setSpeculatable();
  } else {
    f->setMemoryEffects(llvm::MemoryEffects::inaccessibleMemOnly());
  }
  return callee;
}

/// The name of the called "hls." function, or "".
inline llvm::StringRef name_of(const llvm::Instruction& i) {
  const auto* call = llvm::dyn_cast<llvm::CallInst>(&i);
  const llvm::Function* f = call ? call->getCalledFunction() : nullptr;
  return f && f->getName().starts_with("hls.") ? f->getName() : llvm::StringRef();
}

/// Bits that a _BitInt(n) of clang 19 occupies in memory on x86-64.
inline unsigned storage_bits(unsigned n) {
  for (unsigned s : {8U, 16U, 32U, 64U, 128U}) {
    if (n <= s) return s;
  }
  return (n + 63) / 64 * 64;
}

}  // namespace sapulse::hlsc::intrinsics
