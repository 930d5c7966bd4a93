// SPDX-License-Identifier: Apache-2.0
// A counter of a loop that is not unrolled is a register. It gets as many bits as the values have that it can take,
// which LLVM knows where the number of passes has a bound: an int that counts to an ap_uint<12> has 12.
#include "frontend/steps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

/// A comparison of extended values in the width of the wider one: `int < ap_uint<12>` is one of 33 bits, which hides
/// from LLVM that the int does not wrap.
void narrow_comparison(ICmpInst& comparison) {
  const auto* a = dyn_cast<CastInst>(comparison.getOperand(0));
  const auto* b = dyn_cast<CastInst>(comparison.getOperand(1));
  if (!a || !b) return;
  const auto bits = [](const CastInst* c) { return c->getSrcTy()->getScalarSizeInBits(); };
  const CastInst* wide = bits(a) < bits(b) ? b : a;
  const CastInst* other = wide == a ? b : a;
  const bool is_signed = isa<SExtInst>(wide);
  const bool fits = isa<ZExtInst>(other) ? isa<ZExtInst>(wide) || (is_signed && bits(other) < bits(wide))
                                         : isa<SExtInst>(other) && is_signed;
  if (!fits) return;
  IRBuilder<> builder(&comparison);
  Value* x = wide->getOperand(0);
  Value* y = is_signed && isa<SExtInst>(other) ? builder.CreateSExt(other->getOperand(0), x->getType())
                                               : builder.CreateZExt(other->getOperand(0), x->getType());
  if (wide == b) std::swap(x, y);
  if (!is_signed) comparison.setPredicate(comparison.getUnsignedPredicate());
  comparison.setOperand(0, x);
  comparison.setOperand(1, y);
}

struct Size {
  unsigned bits;
  bool is_signed;
};

Size size_of(const SCEV* value, ScalarEvolution& evolution) {
  const unsigned is_unsigned = evolution.getUnsignedRange(value).getActiveBits();
  const unsigned is_signed = evolution.getSignedRange(value).getMinSignedBits();
  return is_signed < is_unsigned ? Size{is_signed, true} : Size{is_unsigned, false};
}

bool is_narrower(const Size& size, const Value& value) {
  return size.bits > 0 && size.bits < value.getType()->getIntegerBitWidth();
}

Value* extended(IRBuilder<>& b, Value* narrow, Type* type, const Size& size) {
  return size.is_signed ? b.CreateSExt(narrow, type) : b.CreateZExt(narrow, type);
}

/// The same values with fewer bits. What would not fit comes on the way out of the loop alone, where nothing looks at
/// the counter of the next pass.
void narrow(PHINode* counter, const Size& size) {
  Type* type = IntegerType::get(counter->getContext(), size.bits);
  PHINode* narrow = PHINode::Create(type, counter->getNumIncomingValues(), counter->getName(), counter->getIterator());
  narrow->setDebugLoc(counter->getDebugLoc());
  for (unsigned i = 0; i < counter->getNumIncomingValues(); i++) {
    BasicBlock* from = counter->getIncomingBlock(i);
    IRBuilder<> b(from->getTerminator());
    narrow->addIncoming(b.CreateTrunc(counter->getIncomingValue(i), type), from);
  }
  IRBuilder<> b(&*counter->getParent()->getFirstInsertionPt());
  counter->replaceAllUsesWith(extended(b, narrow, counter->getType(), size));
  counter->eraseFromParent();
}

/// Tells LLVM how large the sum is that a counter is in the next pass.
void narrow_sum(Instruction* sum, const Size& size) {
  IRBuilder<> b(sum->getNextNode());
  Value* narrow = b.CreateTrunc(sum, IntegerType::get(sum->getContext(), size.bits));
  Value* same = extended(b, narrow, sum->getType(), size);
  sum->replaceUsesWithIf(same, [&](const Use& u) { return u.getUser() != narrow; });
}

}  // namespace

void narrow_counters(Function& f, LoopInfo& loops, ScalarEvolution& evolution) {
  for (Instruction& i : instructions(f)) {
    if (auto* comparison = dyn_cast<ICmpInst>(&i)) narrow_comparison(*comparison);
  }
  std::vector<std::pair<PHINode*, Size>> counters;
  MapVector<Instruction*, Size> sums;
  for (const Loop* l : loops.getLoopsInPreorder()) {
    for (PHINode& p : l->getHeader()->phis()) {
      if (!p.getType()->isIntegerTy()) continue;
      const Size size = size_of(evolution.getSCEV(&p), evolution);
      if (is_narrower(size, p)) counters.emplace_back(&p, size);
      for (Value* v : p.incoming_values()) {
        auto* sum = dyn_cast<BinaryOperator>(v);
        if (sum && l->contains(sum)) sums[sum] = size_of(evolution.getSCEV(sum), evolution);
      }
    }
  }
  for (const auto& [sum, size] : sums) {
    if (is_narrower(size, *sum)) narrow_sum(sum, size);
  }
  for (const auto& [counter, size] : counters) narrow(counter, size);
}

}  // namespace sapulse::hlsc
