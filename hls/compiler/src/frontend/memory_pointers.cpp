// SPDX-License-Identifier: Apache-2.0
// Pointers that walk through a memory port, or that are chosen among places of it, become numbers of elements.
#include <map>

#include "fmt/format.h"
#include "frontend/memory_steps.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Transforms/Utils/Local.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

class Pointers {
 public:
  Pointers(llvm::Argument* memory, unsigned shift) : memory_(memory), shift_(shift) {}

  void replace() {
    for (Instruction& i : instructions(*memory_->getParent())) {
      if (i.getType()->isPointerTy() && (isa<PHINode>(i) || isa<SelectInst>(i)) && is_derived(&i)) found_.push_back(&i);
    }
    for (Instruction* i : found_) {
      if (auto* phi = dyn_cast<PHINode>(i)) numbers_[i] = make_phi(phi);
    }
    for (Instruction* i : found_) number_of(i);
    for (Instruction* i : found_) {
      if (auto* phi = dyn_cast<PHINode>(i)) fill(phi);
    }
    for (Instruction* i : found_) put_back(i);
  }

 private:
  /// Whether a pointer comes from the memory alone.
  bool is_derived(Value* pointer) {
    if (pointer == memory_) return true;
    const auto [known, is_new] = derived_.try_emplace(pointer, true);  // true while it is under way: loops
    if (!is_new) return known->second;
    bool r = false;
    if (auto* gep = dyn_cast<GEPOperator>(pointer)) {
      r = is_derived(gep->getPointerOperand());
    } else if (auto* phi = dyn_cast<PHINode>(pointer)) {
      r = all_of(phi->incoming_values(), [&](Value* v) { return is_derived(v); });
    } else if (auto* choice = dyn_cast<SelectInst>(pointer)) {
      r = is_derived(choice->getTrueValue()) && is_derived(choice->getFalseValue());
    }
    return derived_[pointer] = r;
  }

  static PHINode* make_phi(PHINode* phi) {
    return IRBuilder<>(phi).CreatePHI(Type::getInt64Ty(phi->getContext()), phi->getNumIncomingValues());
  }

  void fill(PHINode* phi) {
    auto* number = cast<PHINode>(numbers_[phi]);
    for (unsigned i = 0; i < phi->getNumIncomingValues(); i++)
      number->addIncoming(number_of(phi->getIncomingValue(i)), phi->getIncomingBlock(i));
  }

  /// The number of the element that a pointer points to, as i64.
  Value* number_of(Value* pointer) {
    if (pointer == memory_) return ConstantInt::get(Type::getInt64Ty(memory_->getContext()), 0);
    if (Value* known = numbers_.lookup(pointer)) return known;
    auto* i = cast<Instruction>(pointer);
    IRBuilder<> b(i);
    if (auto* choice = dyn_cast<SelectInst>(i)) {
      Value *yes = number_of(choice->getTrueValue()), *no = number_of(choice->getFalseValue());
      return numbers_[i] = b.CreateSelect(choice->getCondition(), yes, no);
    }
    auto* gep = dyn_cast<GetElementPtrInst>(i);
    if (!gep) fail(i, fmt::format("memory port '{}' is used as a value", memory_->getName().str()));
    Value* before = number_of(gep->getPointerOperand());
    return numbers_[i] = b.CreateAdd(before, step(b, gep));
  }

  /// Elements that an address moves on by.
  Value* step(IRBuilder<>& b, GetElementPtrInst* gep) const {
    MapVector<Value*, APInt> variable;
    APInt constant(64, 0);
    if (!gep->collectOffset(gep->getDataLayout(), 64, variable, constant))
      fail(gep, "internal error: unsupported address");
    Value* r = b.getInt64(whole(constant, gep));
    for (auto& [value, stride] : variable) {
      Value* wide = b.CreateSExtOrTrunc(value, b.getInt64Ty());
      r = b.CreateAdd(r, b.CreateMul(wide, b.getInt64(whole(stride, gep))));
    }
    return r;
  }

  std::uint64_t whole(const APInt& bytes, const Instruction* at) const {
    if (!bytes.isZero() && bytes.countr_zero() < shift_) {
      fail(at, fmt::format("a pointer into an element of memory port '{}' is kept; keep one to the element",
                           memory_->getName().str()));
    }
    return static_cast<std::uint64_t>(bytes.getSExtValue() >> shift_);
  }

  void put_back(Instruction* i) {
    Instruction* at = isa<PHINode>(i) ? &*i->getParent()->getFirstInsertionPt() : i;
    IRBuilder<> b(at);
    i->replaceAllUsesWith(b.CreateGEP(ArrayType::get(b.getInt8Ty(), std::uint64_t{1} << shift_), memory_, numbers_[i]));
    i->eraseFromParent();
  }

  llvm::Argument* memory_;
  unsigned shift_;
  std::vector<Instruction*> found_;  ///< phis and selects of pointers
  std::map<Value*, bool> derived_;
  DenseMap<Value*, Value*> numbers_;
};

}  // namespace

void number_memory_pointers(llvm::Argument* memory, unsigned shift) { Pointers(memory, shift).replace(); }

}  // namespace sapulse::hlsc
