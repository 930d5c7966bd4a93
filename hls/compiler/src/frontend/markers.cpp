// SPDX-License-Identifier: Apache-2.0
#include "frontend/intrinsics.h"
#include "frontend/parameters.h"
#include "frontend/steps.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

namespace sapulse::hlsc {

using namespace llvm;
using intrinsics::Effect;

namespace {

void lower_read(CallInst* call, unsigned width) {
  Module& m = *call->getModule();
  LLVMContext& c = m.getContext();
  Type* value = IntegerType::get(c, width);
  auto read = intrinsics::declare(m, intrinsics::kRead + intrinsics::type_suffix(value),
                                  FunctionType::get(value, {PointerType::getUnqual(c)}, false), Effect::ordered);
  IRBuilder<> b(call);
  Value* v = b.CreateCall(read, {call->getArgOperand(0)});
  Type* storage = IntegerType::get(c, intrinsics::storage_bits(width));
  b.CreateAlignedStore(b.CreateZExt(v, storage), call->getArgOperand(1), Align(1));
}

void lower_write(CallInst* call, unsigned width) {
  Module& m = *call->getModule();
  LLVMContext& c = m.getContext();
  Type* value = IntegerType::get(c, width);
  auto write = intrinsics::declare(m, intrinsics::kWrite + intrinsics::type_suffix(value),
                                   FunctionType::get(Type::getVoidTy(c), {PointerType::getUnqual(c), value}, false),
                                   Effect::ordered);
  IRBuilder<> b(call);
  Type* storage = IntegerType::get(c, intrinsics::storage_bits(width));
  Value* v = b.CreateTrunc(b.CreateAlignedLoad(storage, call->getArgOperand(1), Align(1)), value);
  b.CreateCall(write, {call->getArgOperand(0), v});
}

/// T of the hls::stream<T> whose member function the call stands in.
const DIType* payload_of(const CallInst* call) {
  const DILocation* l = call->getDebugLoc().get();
  const DISubprogram* member = l ? l->getScope()->getSubprogram() : nullptr;
  const DIType* payload = member ? stream_payload(dyn_cast_or_null<DIType>(member->getScope())) : nullptr;
  if (!payload) fail(call, "internal error: the payload of a stream is not known");
  return payload;
}

/// Objects of types that the headers cannot take apart: their layout is that of the debug information.
void lower_read_object(CallInst* call) {
  const std::vector<Leaf> leaves = leaves_of(payload_of(call), location_of(call));
  IRBuilder<> b(call);
  Type* value = b.getIntNTy(total_width(leaves));
  auto read = intrinsics::declare(*call->getModule(), intrinsics::kRead + intrinsics::type_suffix(value),
                                  FunctionType::get(value, {b.getPtrTy()}, false), Effect::ordered);
  store_packed(b, call->getArgOperand(1), leaves, b.CreateCall(read, {call->getArgOperand(0)}));
}

void lower_write_object(CallInst* call) {
  const std::vector<Leaf> leaves = leaves_of(payload_of(call), location_of(call));
  IRBuilder<> b(call);
  Value* value = load_packed(b, call->getArgOperand(1), leaves);
  auto write =
      intrinsics::declare(*call->getModule(), intrinsics::kWrite + intrinsics::type_suffix(value->getType()),
                          FunctionType::get(b.getVoidTy(), {b.getPtrTy(), value->getType()}, false), Effect::ordered);
  b.CreateCall(write, {call->getArgOperand(0), value});
}

/// hls.empty or hls.full.
void lower_question(CallInst* call, const char* name) {
  Module& m = *call->getModule();
  LLVMContext& c = m.getContext();
  auto answer = intrinsics::declare(m, name, FunctionType::get(Type::getInt1Ty(c), {PointerType::getUnqual(c)}, false),
                                    Effect::ordered);
  IRBuilder<> b(call);
  call->replaceAllUsesWith(b.CreateZExtOrTrunc(b.CreateCall(answer, {call->getArgOperand(0)}), call->getType()));
}

/// Integer types of the scalars of t, with their byte offsets. Blobs of bytes (clang's storage of wide _BitInts) are
/// one integer; pointers are left out.
void scalars_of(Type* t, std::uint64_t offset, const DataLayout& dl,
                std::vector<std::pair<std::uint64_t, Type*>>& out) {
  if (auto* s = dyn_cast<StructType>(t)) {
    const StructLayout* layout = dl.getStructLayout(s);
    for (unsigned i = 0; i < s->getNumElements(); i++) {
      scalars_of(s->getElementType(i), offset + layout->getElementOffset(i), dl, out);
    }
  } else if (auto* a = dyn_cast<ArrayType>(t)) {
    if (a->getElementType()->isIntegerTy(8)) {
      out.push_back({offset, IntegerType::get(t->getContext(), 8 * a->getNumElements())});
      return;
    }
    const std::uint64_t size = dl.getTypeAllocSize(a->getElementType());
    for (std::uint64_t i = 0; i < a->getNumElements(); i++) scalars_of(a->getElementType(), offset + i * size, dl, out);
  } else if (t->isIntegerTy()) {
    const unsigned w = t->getIntegerBitWidth();
    out.push_back({offset, IntegerType::get(t->getContext(), intrinsics::storage_bits(w))});
  }
}

using Scalars = std::vector<std::pair<std::uint64_t, Type*>>;

/// @param first number of the first scalar among the uninitialised variables
void store_undefined(IRBuilder<>& b, AllocaInst* a, const Scalars& scalars, unsigned first) {
  for (auto [offset, type] : scalars) {
    auto undef = intrinsics::declare(*a->getModule(), intrinsics::kUndef + intrinsics::type_suffix(type),
                                     FunctionType::get(type, {b.getInt32Ty()}, false), Effect::pure);
    Value* v = b.CreateCall(undef, {b.getInt32(first++)});
    b.CreateAlignedStore(v, b.CreateGEP(b.getInt8Ty(), a, b.getInt64(offset)), Align(1));
  }
}

/// The scalar at a byte offset of a local variable.
UninitialisedVariable variable_of(AllocaInst* a, std::uint64_t offset) {
  for (DbgVariableRecord* d : findDVRDeclares(a)) {
    const DILocalVariable* v = d->getVariable();
    SourceLocation l = location_of(d->getDebugLoc().get());
    if (!l.line) l = {v->getFilename().str(), v->getLine(), 1};
    return {v->getName().str() + member_suffix(v->getType(), offset * 8), l};
  }
  return {"", location_of(a)};
}

}  // namespace

void lower_markers(Function& f) {
  std::vector<CallInst*> calls;
  for (Instruction& i : instructions(f)) {
    auto* call = dyn_cast<CallInst>(&i);
    if (call && call->getCalledFunction() && call->getCalledFunction()->getName().starts_with("__hls_"))
      calls.push_back(call);
  }
  for (CallInst* call : calls) {
    const StringRef name = call->getCalledFunction()->getName();
    if (name == "__hls_empty") {
      lower_question(call, intrinsics::kEmpty);
    } else if (name == "__hls_full") {
      lower_question(call, intrinsics::kFull);
    } else if (name == "__hls_read_object") {
      lower_read_object(call);
    } else if (name == "__hls_write_object") {
      lower_write_object(call);
    } else {
      auto* width = dyn_cast<ConstantInt>(call->getArgOperand(2));
      if (!width) fail(call, "internal error: the width of the stream is not constant");
      const auto w = static_cast<unsigned>(width->getZExtValue());
      name == "__hls_read" ? lower_read(call, w) : lower_write(call, w);
    }
    call->eraseFromParent();
  }
}

// clang 19 stores an odd _BitInt into return slots as iN and loads it back with the width of the storage.
void widen_odd_accesses(Function& f) {
  LLVMContext& c = f.getContext();
  auto storage = [&](Type* t) -> Type* {
    if (!t->isIntegerTy() || t->getIntegerBitWidth() % 8 == 0) return nullptr;
    return IntegerType::get(c, intrinsics::storage_bits(t->getIntegerBitWidth()));
  };
  std::vector<Instruction*> all;
  for (Instruction& i : instructions(f)) all.push_back(&i);
  for (Instruction* i : all) {
    IRBuilder<> b(i);
    if (auto* a = dyn_cast<AllocaInst>(i)) {
      if (Type* t = storage(a->getAllocatedType())) a->setAllocatedType(t);
    } else if (auto* s = dyn_cast<StoreInst>(i)) {
      if (Type* t = storage(s->getValueOperand()->getType())) {
        b.CreateAlignedStore(b.CreateZExt(s->getValueOperand(), t), s->getPointerOperand(), s->getAlign());
        s->eraseFromParent();
      }
    } else if (auto* l = dyn_cast<LoadInst>(i)) {
      if (Type* t = storage(l->getType())) {
        l->replaceAllUsesWith(
            b.CreateTrunc(b.CreateAlignedLoad(t, l->getPointerOperand(), l->getAlign()), l->getType()));
        l->eraseFromParent();
      }
    }
  }
}

void mark_uninitialised(Unit& unit) {
  std::vector<AllocaInst*> allocas;
  for (Instruction& i : instructions(*unit.function)) {
    if (auto* a = dyn_cast<AllocaInst>(&i)) allocas.push_back(a);
  }
  for (AllocaInst* a : allocas) {
    Scalars scalars;
    scalars_of(a->getAllocatedType(), 0, a->getDataLayout(), scalars);
    const auto first = static_cast<unsigned>(unit.uninitialised.size());
    for (const auto& [offset, type] : scalars) unit.uninitialised.push_back(variable_of(a, offset));
    std::vector<Instruction*> starts;
    for (User* u : a->users()) {
      auto* start = dyn_cast<LifetimeIntrinsic>(u);
      if (start && start->getIntrinsicID() == Intrinsic::lifetime_start) starts.push_back(start);
    }
    if (starts.empty()) starts.push_back(a);
    for (Instruction* start : starts) {
      IRBuilder<> b(start->getNextNode());
      store_undefined(b, a, scalars, first);
    }
  }
}

}  // namespace sapulse::hlsc
