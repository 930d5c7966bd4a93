// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "frontend/intrinsics.h"
#include "frontend/parameters.h"
#include "frontend/source_text.h"
#include "frontend/steps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Operator.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

constexpr unsigned kMaxElements = 64;

struct Access {
  llvm::Argument* array;
  Value* index;
};

bool is_stream_access(StringRef name) {
  return name.starts_with(intrinsics::kRead) || name.starts_with(intrinsics::kWrite) || name == intrinsics::kEmpty ||
         name == intrinsics::kFull;
}

/// The element that a call accesses, if its index is variable. A stream is one byte.
std::optional<Access> access_of(CallInst* call) {
  IRBuilder<> b(call);
  Value* pointer = call->getArgOperand(0);
  Value* index = b.getInt64(0);
  while (auto* gep = dyn_cast<GEPOperator>(pointer)) {
    MapVector<Value*, APInt> variable;
    APInt constant(64, 0);
    if (!gep->collectOffset(call->getDataLayout(), 64, variable, constant))
      fail(call, "internal error: unsupported address of a stream");
    index = b.CreateAdd(index, b.getInt(constant));
    for (auto& [v, stride] : variable)
      index = b.CreateAdd(index, b.CreateMul(b.CreateSExtOrTrunc(v, b.getInt64Ty()), b.getInt(stride)));
    pointer = gep->getPointerOperand();
  }
  auto* array = dyn_cast<llvm::Argument>(pointer);
  if (!array || isa<ConstantInt>(index)) return std::nullopt;
  return Access{array, index};
}

unsigned size_of(const Access& a, const CallInst* at) {
  Function& f = *a.array->getParent();
  const std::vector<Parameter> all = parameters_of(f);
  const Parameter& p = *llvm::find_if(all, [&](const Parameter& x) { return x.argument == a.array; });
  unsigned n = stream_count(p.type);
  if (n == 0) n = array_size(f, p.name).value_or(0);
  if (n == 0 || n > kMaxElements) {
    fail(at, "variable index into the array of streams '" + p.name + "', whose size is not known, or above " +
                 std::to_string(kMaxElements) + "; declare it as " + p.name + "[N] with a number N");
  }
  return n;
}

/// The same call for one element.
CallInst* call_for(IRBuilder<>& b, CallInst* call, const Access& a, unsigned element) {
  auto* copy = cast<CallInst>(call->clone());
  b.Insert(copy);
  copy->setArgOperand(0, b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), a.array, element));
  copy->moveAfter(cast<Instruction>(copy->getArgOperand(0)));
  return copy;
}

void ask(CallInst* call, const Access& a, unsigned size) {
  IRBuilder<> b(call);
  Value* answer = b.getTrue();  // there is no element with this index
  for (unsigned i = 0; i < size; i++)
    answer = b.CreateSelect(b.CreateICmpEQ(a.index, b.getInt64(i)), call_for(b, call, a, i), answer);
  call->replaceAllUsesWith(answer);
}

void access(CallInst* call, const Access& a, unsigned size) {
  AllocaInst* word = nullptr;
  if (!call->getType()->isVoidTy()) {
    IRBuilder<> entry(&*call->getFunction()->getEntryBlock().getFirstInsertionPt());
    word = entry.CreateAlloca(call->getType());
    IRBuilder<>(call).CreateStore(Constant::getNullValue(call->getType()), word);
  }
  for (unsigned i = 0; i < size; i++) {
    Value* hit = IRBuilder<>(call).CreateICmpEQ(a.index, ConstantInt::get(a.index->getType(), i));
    IRBuilder<> b(SplitBlockAndInsertIfThen(hit, call, false));
    CallInst* copy = call_for(b, call, a, i);
    if (word) b.CreateStore(copy, word);
  }
  if (word) call->replaceAllUsesWith(IRBuilder<>(call).CreateLoad(call->getType(), word));
}

}  // namespace

void expand_stream_indices(Function& f) {
  std::vector<CallInst*> calls;
  for (Instruction& i : instructions(f)) {
    if (is_stream_access(intrinsics::name_of(i))) calls.push_back(cast<CallInst>(&i));
  }
  for (CallInst* call : calls) {
    const std::optional<Access> a = access_of(call);
    if (!a) continue;
    const bool is_question =
        call->getType()->isIntegerTy(1) && !intrinsics::name_of(*call).starts_with(intrinsics::kRead);
    (is_question ? ask : access)(call, *a, size_of(*a, call));
    call->eraseFromParent();
  }
}

}  // namespace sapulse::hlsc
