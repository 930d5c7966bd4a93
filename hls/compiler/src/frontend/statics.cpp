// SPDX-License-Identifier: Apache-2.0
#include "frontend/debug_types.h"
#include "frontend/intrinsics.h"
#include "frontend/steps.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"
#include "llvm/IR/ReplaceConstant.h"

namespace sapulse::hlsc {

using namespace llvm;
using intrinsics::Effect;

namespace {

/// Whether all accesses have constant offsets, so that the variable can be registers.
bool has_constant_offsets(const Value* v, const DataLayout& dl) {
  for (const User* u : v->users()) {
    if (const auto* g = dyn_cast<GEPOperator>(u)) {
      APInt offset(64, 0);
      if (!g->accumulateConstantOffset(dl, offset) || !has_constant_offsets(g, dl)) return false;
    } else if (const auto* s = dyn_cast<StoreInst>(u)) {
      if (s->getValueOperand() == v) return false;
    } else if (!isa<LoadInst>(u) && !isa<MemIntrinsic>(u)) {
      return false;
    }
  }
  return true;
}

void scalars_of(Type* t, std::uint64_t offset, const DataLayout& dl,
                std::vector<std::pair<std::uint64_t, Type*>>& out) {
  if (auto* s = dyn_cast<StructType>(t)) {
    const StructLayout* layout = dl.getStructLayout(s);
    for (unsigned i = 0; i < s->getNumElements(); i++) {
      scalars_of(s->getElementType(i), offset + layout->getElementOffset(i), dl, out);
    }
  } else if (auto* a = dyn_cast<ArrayType>(t)) {
    const bool blob =
        a->getElementType()->isIntegerTy(8) && a->getNumElements() > 16;  // clang's storage of a wide _BitInt
    if (blob) {
      out.push_back({offset, IntegerType::get(t->getContext(), 8 * a->getNumElements())});
      return;
    }
    const std::uint64_t size = dl.getTypeAllocSize(a->getElementType());
    for (std::uint64_t i = 0; i < a->getNumElements(); i++) scalars_of(a->getElementType(), offset + i * size, dl, out);
  } else {
    out.push_back({offset, t});
  }
}

/// Constants that LLVM's passes have left behind, which would look like uses of a variable or of a part of it.
void remove_dead_users(Constant* c) {
  c->removeDeadConstantUsers();
  for (User* u : std::vector<User*>(c->user_begin(), c->user_end())) {
    if (auto* part = dyn_cast<Constant>(u)) remove_dead_users(part);
  }
}

const Instruction* some_user(const Value* v) {
  for (const User* u : v->users()) {
    if (const auto* i = dyn_cast<Instruction>(u)) return i;
    if (const Instruction* i = some_user(u)) return i;
  }
  return nullptr;
}

bool is_used_in(const Value* v, const Function& f) {
  for (const User* u : v->users()) {
    const auto* i = dyn_cast<Instruction>(u);
    if (i ? i->getFunction() == &f : is_used_in(u, f)) return true;
  }
  return false;
}

void localise(GlobalVariable* g, Function& f, ReturnInst* exit) {
  Module& m = *f.getParent();
  LLVMContext& c = m.getContext();
  const DataLayout& dl = m.getDataLayout();
  Type* pointer = PointerType::getUnqual(c);
  Type* i64 = Type::getInt64Ty(c);

  IRBuilder<> entry(&*f.getEntryBlock().getFirstInsertionPt());
  AllocaInst* local = entry.CreateAlloca(g->getValueType());
  local->setAlignment(Align(16));
  convertUsersOfConstantsToInstructions({g});
  g->replaceUsesWithIf(local, [&](Use& u) {
    auto* i = dyn_cast<Instruction>(u.getUser());
    return i && i->getFunction() == &f;
  });
  std::vector<std::pair<std::uint64_t, Type*>> scalars;
  scalars_of(g->getValueType(), 0, dl, scalars);
  IRBuilder<> end(exit);
  for (auto [offset, type] : scalars) {
    if (!type->isIntegerTy()) fail(location_of(*g), "static variable '" + name_of(*g) + "' of an unsupported type");
    auto get = intrinsics::declare(m, intrinsics::kGet + intrinsics::type_suffix(type),
                                   FunctionType::get(type, {pointer, i64}, false), Effect::ordered);
    auto set = intrinsics::declare(m, intrinsics::kSet + intrinsics::type_suffix(type),
                                   FunctionType::get(Type::getVoidTy(c), {pointer, i64, type}, false), Effect::ordered);
    Value* at = ConstantInt::get(i64, offset);
    entry.CreateAlignedStore(entry.CreateCall(get, {g, at}), entry.CreateGEP(entry.getInt8Ty(), local, at), Align(1));
    Value* last = end.CreateAlignedLoad(type, end.CreateGEP(end.getInt8Ty(), local, at), Align(1));
    end.CreateCall(set, {g, at, last});
  }
}

}  // namespace

ReturnInst* exit_of(const Unit& unit) {
  for (BasicBlock& b : *unit.function) {
    if (auto* r = dyn_cast<ReturnInst>(b.getTerminator())) return r;
  }
  fail("'" + unit.name + "' never returns: a kernel is one iteration, without an endless loop");
}

void localise_statics(Unit& unit) {
  Function& f = *unit.function;
  Module& m = *f.getParent();
  ReturnInst* exit = exit_of(unit);
  std::vector<GlobalVariable*> found;
  for (GlobalVariable& g : m.globals()) {
    remove_dead_users(&g);
    if (g.isConstant() || !is_used_in(&g, f)) continue;
    if (unit.is_module) {
      fail(some_user(&g), "module function '" + unit.name + "' is not pure: it uses the variable '" + name_of(g) + "'");
    }
    if (!g.hasInitializer()) fail(some_user(&g), "external variable '" + name_of(g) + "'");
    if (has_constant_offsets(&g, m.getDataLayout())) found.push_back(&g);
  }
  for (GlobalVariable* g : found) localise(g, f, exit);
}

}  // namespace sapulse::hlsc
