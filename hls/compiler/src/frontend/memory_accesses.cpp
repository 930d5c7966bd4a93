// SPDX-License-Identifier: Apache-2.0
// Loads and stores through a parameter that is a memory port become hls.load and hls.store of whole elements, at the
// number of the element. Members of one element that are accessed one after the other are one access.
#include <map>

#include "fmt/format.h"
#include "frontend/intrinsics.h"
#include "frontend/memory_steps.h"
#include "frontend/parameters.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Operator.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Mem2Reg.h"

namespace sapulse::hlsc {

using namespace llvm;
using intrinsics::Effect;

namespace {

/// A memory port of the function.
struct MemoryParameter {
  unsigned position, shift;
  std::string name;
  llvm::Argument* argument;
  const DIType* type;
};

/// Where an access goes: an element, and the bytes inside of it.
struct Place {
  const MemoryParameter* memory;
  std::vector<std::pair<Value*, std::int64_t>> terms;  ///< of the element's number: value, factor
  std::int64_t element = 0;                            ///< added to them
  unsigned inner = 0;

  bool is_same_element(const Place& o) const {
    return memory == o.memory && element == o.element && terms == o.terms;
  }
};

Place place_of(Value* pointer, const MemoryParameter& m, const Instruction* at) {
  Place p{&m, {}, 0, 0};
  APInt offset(64, 0);
  MapVector<Value*, APInt> variable;
  const DataLayout& layout = at->getDataLayout();
  for (; auto* gep = dyn_cast<GEPOperator>(pointer); pointer = gep->getPointerOperand()) {
    if (!gep->collectOffset(layout, 64, variable, offset)) fail(at, "internal error: unsupported address");
  }
  for (auto& [index, stride] : variable) {
    if (stride.countr_zero() < m.shift) {
      fail(at, fmt::format("an index inside of an element of memory port '{}' is variable; read the element into a "
                           "variable first",
                           m.name));
    }
    p.terms.push_back({index, stride.getSExtValue() >> m.shift});
  }
  p.element = offset.getSExtValue() >> m.shift;
  p.inner = static_cast<unsigned>(offset.getZExtValue() & ((1U << m.shift) - 1));
  return p;
}

Value* number_of(IRBuilder<>& b, const Place& p) {
  Value* r = b.getInt64(static_cast<std::uint64_t>(p.element));
  for (const auto& [value, factor] : p.terms) {
    Value* wide = b.CreateSExtOrTrunc(value, b.getInt64Ty());
    r = b.CreateAdd(b.CreateMul(wide, b.getInt64(static_cast<std::uint64_t>(factor))), r);
  }
  return r;
}

/// Instructions that access memory through a pointer, each with the pointer that it has.
void collect(Value* pointer, const MemoryParameter& m, std::map<Instruction*, const MemoryParameter*>& accesses,
             std::vector<MemIntrinsic*>& copies) {
  for (User* u : pointer->users()) {
    auto* i = dyn_cast<Instruction>(u);
    if (i && isa<GetElementPtrInst>(i)) {
      collect(i, m, accesses, copies);
    } else if (auto* copy = dyn_cast_or_null<MemIntrinsic>(i)) {
      if (!is_contained(copies, copy)) copies.push_back(copy);
    } else if (auto* s = dyn_cast_or_null<StoreInst>(i); (s && s->getValueOperand() != pointer) || isa<LoadInst>(u)) {
      accesses[i] = &m;
    } else if (!isa<LifetimeIntrinsic>(u)) {
      fail(i, fmt::format("memory port '{}' is used as a value; name the port and index it", m.name));
    }
  }
}

class Accesses {
 public:
  Accesses(Function& f, ArrayRef<MemoryParameter> memories) : f_(f), memories_(memories) {}

  void expand_copies() {
    std::map<Instruction*, const MemoryParameter*> ignored;
    for (const MemoryParameter& m : memories_) {
      std::vector<MemIntrinsic*> copies;
      collect(m.argument, m, ignored, copies);
      for (MemIntrinsic* c : copies) expand(c, m);
    }
  }

  void replace() {
    std::map<Instruction*, const MemoryParameter*> accesses;
    std::vector<MemIntrinsic*> copies;
    for (const MemoryParameter& m : memories_) collect(m.argument, m, accesses, copies);
    for (BasicBlock& b : f_) replace_in(b, accesses);
  }

 private:
  struct Part {
    StoreInst* store;
    Value* value;
    unsigned inner;
  };

  // ---- memcpy, memset

  /// One element after the other, each scalar by scalar.
  void expand(MemIntrinsic* copy, const MemoryParameter& m) {
    IRBuilder<> b(copy);
    Value* bytes = copy->getLength();
    if (isa<MemMoveInst>(copy)) fail(copy, fmt::format("memmove of memory port '{}'; write a loop", m.name));
    const std::uint64_t size = std::uint64_t{1} << m.shift;
    const auto* constant = dyn_cast<ConstantInt>(bytes);
    if (constant && constant->getZExtValue() == size) return copy_element(b, copy, m);
    if (constant && constant->getZExtValue() < size) return copy_part(b, copy, constant->getZExtValue());
    if (constant && constant->getZExtValue() % size != 0)
      fail(copy, fmt::format("memory port '{}' is copied in parts of elements", m.name));
    // 32 bits: a counter of 64 would be too slow for most clocks.
    Value* count = b.CreateTrunc(b.CreateLShr(b.CreateZExtOrTrunc(bytes, b.getInt64Ty()), m.shift), b.getInt32Ty());
    Instruction* at = copy;
    if (!constant) at = SplitBlockAndInsertIfThen(b.CreateIsNotNull(count), copy, false);
    auto [inside, number] = SplitBlockAndInsertSimpleForLoop(count, at);
    IRBuilder<> body(inside);
    body.SetCurrentDebugLocation(copy->getDebugLoc());
    copy_scalars(body, copy, m, body.CreateZExt(number, body.getInt64Ty()));
    copy->eraseFromParent();
  }

  static void copy_element(IRBuilder<>& b, MemIntrinsic* copy, const MemoryParameter& m) {
    copy_scalars(b, copy, m, b.getInt64(0));
    copy->eraseFromParent();
  }

  static void copy_part(IRBuilder<>& b, MemIntrinsic* copy, std::uint64_t bytes) {
    copy_scalar(b, copy, {b.getInt64(0), 0}, static_cast<unsigned>(8 * bytes), 0);
    copy->eraseFromParent();
  }

  static void copy_scalars(IRBuilder<>& b, MemIntrinsic* copy, const MemoryParameter& m, Value* number) {
    for (const Leaf& l : leaves_of(m.type, location_of(copy))) copy_scalar(b, copy, {number, l.offset}, l.storage, m.shift);
  }

  /// @param place number of the element, and bytes inside of it
  static void copy_scalar(IRBuilder<>& b, MemIntrinsic* copy, std::pair<Value*, std::uint64_t> place, unsigned bits,
                          unsigned shift) {
    const auto at = [&](Value* pointer) {
      Value* element = b.CreateGEP(ArrayType::get(b.getInt8Ty(), std::uint64_t{1} << shift), pointer, place.first);
      return b.CreateConstGEP1_64(b.getInt8Ty(), element, place.second);
    };
    auto* transfer = dyn_cast<MemTransferInst>(copy);
    Value* v = transfer ? b.CreateAlignedLoad(b.getIntNTy(bits), at(transfer->getRawSource()), Align(1))
                        : splat(b, copy, bits);
    b.CreateAlignedStore(v, at(copy->getRawDest()), Align(1));
  }

  static Value* splat(IRBuilder<>& b, MemIntrinsic* set, unsigned bits) {
    const auto* byte = dyn_cast<ConstantInt>(cast<MemSetInst>(set)->getValue());
    if (!byte) fail(set, "memset of a memory port to a value that is not constant");
    return b.getInt(APInt::getSplat(bits, byte->getValue()));
  }

  // ---- loads, stores

  void replace_in(BasicBlock& block, const std::map<Instruction*, const MemoryParameter*>& accesses) {
    std::vector<std::pair<Place, Value*>> loaded;
    for (Instruction& i : make_early_inc_range(block)) {
      const auto found = accesses.find(&i);
      if (found == accesses.end()) continue;
      const Place p = place_of(getLoadStorePointerOperand(&i), *found->second, &i);
      check(i, p);
      if (auto* l = dyn_cast<LoadInst>(&i)) {
        if (!stores_.empty() && stored_.memory == p.memory) flush();
        load(l, p, loaded);
      } else {
        if (!stores_.empty() && !stored_.is_same_element(p)) flush();
        erase_if(loaded, [&](const auto& x) { return x.first.memory == p.memory; });
        auto* s = cast<StoreInst>(&i);
        stored_ = p;
        stores_.push_back({s, s->getValueOperand(), p.inner});
      }
    }
    flush();
  }

  void check(Instruction& i, const Place& p) const {
    const Type* t = getLoadStoreType(&i);
    if (!t->isIntegerTy()) fail(&i, "internal error: type of an access to a memory port");
    if (p.inner + t->getIntegerBitWidth() / 8 > 1U << p.memory->shift)
      fail(&i, fmt::format("memory port '{}' is accessed across its elements", p.memory->name));
  }

  void load(LoadInst* l, const Place& p, std::vector<std::pair<Place, Value*>>& loaded) {
    IRBuilder<> b(l);
    const auto known = find_if(loaded, [&](const auto& x) { return x.first.is_same_element(p); });
    Value* element = known == loaded.end() ? nullptr : known->second;
    if (!element) {
      Type* t = b.getIntNTy(8U << p.memory->shift);
      auto call = intrinsics::declare(*f_.getParent(),
                                      intrinsics::kLoad + intrinsics::type_suffix(t),
                                      FunctionType::get(t, {b.getInt32Ty(), b.getInt64Ty()}, false), Effect::ordered);
      element = b.CreateCall(call, {b.getInt32(p.memory->position), number_of(b, p)});
      loaded.push_back({p, element});
    }
    l->replaceAllUsesWith(b.CreateTrunc(b.CreateLShr(element, std::uint64_t{8} * p.inner), l->getType()));
    l->eraseFromParent();
  }

  /// The stores so far, which are to one element, become one.
  void flush() {
    if (stores_.empty()) return;
    StoreInst* last = stores_.back().store;
    IRBuilder<> b(last);
    const unsigned bytes = 1U << stored_.memory->shift;
    IntegerType *data_type = b.getIntNTy(8 * bytes), *strobe_type = b.getIntNTy(bytes);
    Value* data = ConstantInt::get(data_type, 0);
    APInt strobe(bytes, 0);
    for (const Part& p : stores_) {
      const unsigned bits = p.value->getType()->getIntegerBitWidth();
      const APInt mask = APInt::getBitsSet(8 * bytes, 8 * p.inner, 8 * p.inner + bits);
      data = b.CreateAnd(data, b.getInt(~mask));  // what is overwritten
      data = b.CreateOr(data, b.CreateShl(b.CreateZExt(p.value, data_type), std::uint64_t{8} * p.inner));
      strobe.setBits(p.inner, p.inner + bits / 8);
    }
    auto call = intrinsics::declare(
        *f_.getParent(), intrinsics::kStore + intrinsics::type_suffix(data_type),
        FunctionType::get(b.getVoidTy(), {b.getInt32Ty(), b.getInt64Ty(), data_type, strobe_type}, false),
        Effect::ordered);
    b.CreateCall(call, {b.getInt32(stored_.memory->position), number_of(b, stored_), data, b.getInt(strobe)});
    for (const Part& p : stores_) p.store->eraseFromParent();
    stores_.clear();
  }

  Function& f_;
  ArrayRef<MemoryParameter> memories_;
  Place stored_{};
  std::vector<Part> stores_;  ///< to the element stored_, not yet replaced
};

}  // namespace

void lower_memory_accesses(Unit& unit, PassRunner& passes) {
  const std::vector<unsigned>& positions = unit.surroundings.memories;
  if (positions.empty()) return;
  Function& f = *unit.function;
  std::vector<MemoryParameter> memories;
  for (const Parameter& p : parameters_of(f)) {
    const unsigned position = p.argument->getArgNo();
    if (is_contained(positions, position))
      memories.push_back({position, element_shift(f, position), p.name, p.argument, memory_element(p.type)});
  }
  passes.on_function(f, [](FunctionPassManager& p) { p.addPass(PromotePass()); });
  Accesses accesses(f, memories);
  accesses.expand_copies();
  passes.on_function(f, [](FunctionPassManager& p) { p.addPass(SROAPass(SROAOptions::PreserveCFG)); });
  accesses.expand_copies();  // parts of variables that SROA has made
  accesses.replace();
}

}  // namespace sapulse::hlsc
