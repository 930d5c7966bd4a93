// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "frontend/steps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/MathExtras.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

constexpr std::uint64_t kMaxElements = 256;

struct Access {
  AllocaInst* array = nullptr;
  std::uint64_t offset = 0;  ///< bytes
  Value* index = nullptr;    ///< null: constant offset
  std::uint64_t stride = 0;  ///< bytes per step of the index
};

/// The access to a local array behind a pointer, if it is one.
std::optional<Access> access_of(Value* pointer, const Instruction* at) {
  const DataLayout& dl = at->getDataLayout();
  Access a;
  while (auto* gep = dyn_cast<GEPOperator>(pointer)) {
    MapVector<Value*, APInt> variable;
    APInt constant(64, 0);
    if (!gep->collectOffset(dl, 64, variable, constant)) fail(at, "internal error: unsupported address");
    a.offset += constant.getZExtValue();
    for (auto& [index, stride] : variable) {
      if (a.index) fail(at, "array access with two variable indices; use one index");
      a.index = index;
      a.stride = stride.getZExtValue();
    }
    pointer = gep->getPointerOperand();
  }
  a.array = dyn_cast<AllocaInst>(pointer);
  if (!a.array || !a.index) return std::nullopt;
  return a;
}

/// Accesses one local array element by element.
class Expansion {
 public:
  Expansion(const Access& a, Instruction* at) : access_(a), builder_(at) {
    const std::uint64_t size = at->getDataLayout().getTypeAllocSize(a.array->getAllocatedType());
    first_ = a.offset % a.stride;
    count_ = size / a.stride;
    if (count_ == 0 || count_ > kMaxElements) {
      fail(at, "variable index into a local array of more than " + std::to_string(kMaxElements) +
                   " elements; make it static for a memory");
    }
    Type* t = a.index->getType();
    index_ = builder_.CreateAdd(a.index, ConstantInt::get(t, (a.offset - first_) / a.stride));
  }

  Value* load(Type* type) {
    std::vector<Value*> v;
    v.reserve(count_);
    for (std::uint64_t i = 0; i < count_; i++) v.push_back(builder_.CreateAlignedLoad(type, element(i), Align(1)));
    for (unsigned bit = 0; v.size() > 1; bit++) {  // a tree of multiplexers
      Value* select = builder_.CreateTrunc(builder_.CreateLShr(index_, bit), builder_.getInt1Ty());
      std::vector<Value*> next;
      for (std::size_t i = 0; i < v.size(); i += 2) {
        next.push_back(i + 1 < v.size() ? builder_.CreateSelect(select, v[i + 1], v[i]) : v[i]);
      }
      v = std::move(next);
    }
    return v[0];
  }

  void store(Value* value) {
    for (std::uint64_t i = 0; i < count_; i++) {
      Value* hit = builder_.CreateICmpEQ(index_, ConstantInt::get(index_->getType(), i));
      Value* old = builder_.CreateAlignedLoad(value->getType(), element(i), Align(1));
      builder_.CreateAlignedStore(builder_.CreateSelect(hit, value, old), element(i), Align(1));
    }
  }

 private:
  Value* element(std::uint64_t i) {
    return builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(), access_.array, first_ + i * access_.stride);
  }

  Access access_;
  IRBuilder<> builder_;
  std::uint64_t first_ = 0, count_ = 0;
  Value* index_ = nullptr;
};

}  // namespace

void expand_variable_indices(Function& f) {
  std::vector<Instruction*> all;
  for (Instruction& i : instructions(f)) all.push_back(&i);
  for (Instruction* i : all) {
    if (auto* l = dyn_cast<LoadInst>(i)) {
      if (auto a = access_of(l->getPointerOperand(), l)) {
        l->replaceAllUsesWith(Expansion(*a, l).load(l->getType()));
        l->eraseFromParent();
      }
    } else if (auto* s = dyn_cast<StoreInst>(i)) {
      if (auto a = access_of(s->getPointerOperand(), s)) {
        Expansion(*a, s).store(s->getValueOperand());
        s->eraseFromParent();
      }
    } else if (auto* m = dyn_cast<MemIntrinsic>(i)) {
      auto* transfer = dyn_cast<MemTransferInst>(m);
      if (access_of(m->getDest(), m) || (transfer && access_of(transfer->getSource(), m))) {
        fail(m, "variable index into a local array of structs without ap_uint members");
      }
    }
  }
}

}  // namespace sapulse::hlsc
