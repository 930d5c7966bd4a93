// SPDX-License-Identifier: Apache-2.0
#include "frontend/intrinsics.h"
#include "frontend/memory_steps.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

/// Elements of local arrays that may become registers and multiplexers.
constexpr std::uint64_t kMaxRegisters = 64;

std::uint64_t elements(Type* t) {
  std::uint64_t n = 1;
  for (; auto* a = dyn_cast<ArrayType>(t); t = a->getElementType()) n *= a->getNumElements();
  return n;
}

void keep(AllocaInst* a) {
  auto* g = new GlobalVariable(*a->getModule(), a->getAllocatedType(), false, GlobalValue::InternalLinkage,
                               Constant::getNullValue(a->getAllocatedType()), a->getName() + ".kept");
  for (User* u : make_early_inc_range(a->users())) {
    if (auto* life = dyn_cast<LifetimeIntrinsic>(u)) life->eraseFromParent();
  }
  a->replaceAllUsesWith(g);
  a->eraseFromParent();
}

}  // namespace

void keep_buffers(Unit& unit) {
  if (unit.surroundings.memories.empty()) return;
  std::vector<AllocaInst*> buffers;
  for (Instruction& i : instructions(*unit.function)) {
    auto* a = dyn_cast<AllocaInst>(&i);
    if (a && isa<ArrayType>(a->getAllocatedType()) && elements(a->getAllocatedType()) > kMaxRegisters)
      buffers.push_back(a);
  }
  for (AllocaInst* a : buffers) keep(a);
}

}  // namespace sapulse::hlsc
