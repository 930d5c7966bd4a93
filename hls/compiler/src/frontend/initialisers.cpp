// SPDX-License-Identifier: Apache-2.0
// Static variables with constructors: clang runs those in the first call, behind a guard. What they store is a constant
// as a rule; it becomes the initialiser, and the guard counts as passed. Where it is not, the guard stays, a register
// like any other: the variable takes its first value in the first iteration.
#include <map>
#include <vector>

#include "frontend/steps.h"
#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

bool is_guard(const Value* v) {
  const auto* g = dyn_cast<GlobalVariable>(v);
  return g && g->getName().starts_with("_ZGV");
}

/// The bytes of a variable.
class Image {
 public:
  explicit Image(const GlobalVariable& g)
      : layout_(g.getDataLayout()), bytes_(layout_.getTypeAllocSize(g.getValueType())) {
    Type* byte = Type::getInt8Ty(g.getContext());
    for (std::size_t i = 0; i < bytes_.size(); i++) {
      auto* c = dyn_cast_or_null<ConstantInt>(
          ConstantFoldLoadFromConst(const_cast<Constant*>(g.getInitializer()), byte, APInt(64, i), layout_));
      bytes_[i] = c ? static_cast<std::uint8_t>(c->getZExtValue()) : 0;
    }
  }

  void put(std::uint64_t offset, const APInt& value) {
    const APInt whole = value.zext((value.getBitWidth() + 7) / 8 * 8);
    for (unsigned i = 0; i < whole.getBitWidth() / 8; i++) {
      bytes_.at(offset + i) = static_cast<std::uint8_t>(whole.extractBitsAsZExtValue(8, 8 * i));
    }
  }

  /// A constant of a type; null if there are other scalars than integers.
  Constant* as(Type* type, std::uint64_t offset = 0) const {
    if (auto* i = dyn_cast<IntegerType>(type)) {
      APInt value(i->getBitWidth(), 0);
      for (unsigned b = 0; b < i->getBitWidth(); b++) value.setBitVal(b, bytes_[offset + b / 8] >> (b % 8) & 1);
      return ConstantInt::get(type, value);
    }
    std::vector<Constant*> parts;
    if (auto* s = dyn_cast<StructType>(type)) {
      const StructLayout* l = layout_.getStructLayout(s);
      for (unsigned i = 0; i < s->getNumElements(); i++) {
        parts.push_back(as(s->getElementType(i), offset + l->getElementOffset(i)));
      }
      return is_contained(parts, nullptr) ? nullptr : ConstantStruct::get(s, parts);
    }
    auto* a = dyn_cast<ArrayType>(type);
    if (!a) return nullptr;
    const std::uint64_t size = layout_.getTypeAllocSize(a->getElementType());
    for (std::uint64_t i = 0; i < a->getNumElements(); i++) parts.push_back(as(a->getElementType(), offset + i * size));
    return is_contained(parts, nullptr) ? nullptr : ConstantArray::get(a, parts);
  }

 private:
  const DataLayout& layout_;
  std::vector<std::uint8_t> bytes_;
};

/// What the code behind one guard stores, as long as it is constant.
class Initialisation {
 public:
  bool take(const Instruction& i) {
    if (i.isTerminator() || isa<DbgInfoIntrinsic>(i) || isa<LifetimeIntrinsic>(i) || isa<GetElementPtrInst>(i))
      return true;
    const auto* s = dyn_cast<StoreInst>(&i);
    if (!s) return false;
    APInt offset(64, 0);
    auto* base =
        const_cast<Value*>(s->getPointerOperand()->stripAndAccumulateConstantOffsets(i.getDataLayout(), offset, true));
    if (is_guard(base)) return true;
    auto* g = dyn_cast<GlobalVariable>(base);
    const auto* value = dyn_cast<ConstantInt>(s->getValueOperand());
    if (!g || g->isConstant() || !g->hasInitializer() || !value) return false;
    images_.try_emplace(g, *g).first->second.put(offset.getZExtValue(), value->getValue());
    return true;
  }

  bool apply() const {
    std::vector<std::pair<GlobalVariable*, Constant*>> all;
    for (const auto& [g, image] : images_) {
      Constant* c = image.as(g->getValueType());
      if (!c) return false;
      all.push_back({g, c});
    }
    for (auto [g, c] : all) g->setInitializer(c);
    return true;
  }

 private:
  std::map<GlobalVariable*, Image> images_;
};

/// The block that runs while the guard is zero, if it has this test as its only way in.
BasicBlock* guarded_block(const LoadInst* guard) {
  if (!guard->hasOneUse()) return nullptr;
  const auto* test = dyn_cast<ICmpInst>(*guard->user_begin());
  if (!test || !test->hasOneUse() || test->getPredicate() != CmpInst::ICMP_EQ) return nullptr;
  const auto* branch = dyn_cast<BranchInst>(*test->user_begin());
  if (!branch || !branch->isConditional()) return nullptr;
  BasicBlock* block = branch->getSuccessor(0);
  return block->getSinglePredecessor() && block->getSingleSuccessor() == branch->getSuccessor(1) ? block : nullptr;
}

}  // namespace

void fold_initialisers(Function& f) {
  std::vector<LoadInst*> guards;
  for (Instruction& i : instructions(f)) {
    auto* l = dyn_cast<LoadInst>(&i);
    if (l && is_guard(l->getPointerOperand())) guards.push_back(l);
  }
  for (LoadInst* guard : guards) {
    const BasicBlock* block = guarded_block(guard);
    Initialisation initialisation;
    if (!block || !all_of(*block, [&](const Instruction& i) { return initialisation.take(i); })) continue;
    if (initialisation.apply()) guard->replaceAllUsesWith(ConstantInt::get(guard->getType(), 1));
  }
}

}  // namespace sapulse::hlsc
