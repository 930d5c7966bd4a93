// SPDX-License-Identifier: Apache-2.0
#include "frontend/parameters.h"

#include "frontend/intrinsics.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/InstIterator.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

/// Names of parameters by position, from 0: those of the source or, where LLVM has dropped them, those of the IR.
std::vector<std::string> parameter_names(const Function& f, std::size_t count, std::size_t hidden) {
  std::vector<std::string> names(count);
  for (std::size_t i = 0; i < count; i++) {
    const std::string name = identifier(f.getArg(i + hidden)->getName());
    names[i] = name.empty() ? "arg" + std::to_string(i) : name;
  }
  for (const Instruction& i : instructions(f)) {
    for (const DbgVariableRecord& d : filterDbgVars(i.getDbgRecordRange())) {
      const DILocalVariable* v = d.getVariable();
      if (v->getArg() == 0 || v->getArg() > count || v->getScope()->getSubprogram() != f.getSubprogram()) continue;
      if (!v->getName().empty()) names[v->getArg() - 1] = identifier(v->getName());
    }
  }
  return names;
}

bool can_be_written_through(const DIType* t) {
  const auto* d = dyn_cast_or_null<DIDerivedType>(t);
  while (d && d->getTag() == dwarf::DW_TAG_typedef) d = dyn_cast_or_null<DIDerivedType>(d->getBaseType());
  if (!d) return false;
  if (d->getTag() == dwarf::DW_TAG_pointer_type) return true;
  if (d->getTag() != dwarf::DW_TAG_reference_type && d->getTag() != dwarf::DW_TAG_rvalue_reference_type) return false;
  const auto* target = dyn_cast_or_null<DIDerivedType>(d->getBaseType());
  while (target && target->getTag() == dwarf::DW_TAG_typedef)
    target = dyn_cast_or_null<DIDerivedType>(target->getBaseType());
  return !target || target->getTag() != dwarf::DW_TAG_const_type;
}

/// What a pointer or reference points to.
const DIType* target_of(const DIType* t) {
  while (const auto* d = dyn_cast_or_null<DIDerivedType>(t)) {
    t = d->getBaseType();
    if (d->getTag() == dwarf::DW_TAG_pointer_type || d->getTag() == dwarf::DW_TAG_reference_type) break;
  }
  return t;
}

Value* address_of(IRBuilder<>& b, Value* object, const Leaf& leaf) {
  return leaf.offset ? b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), object, leaf.offset) : object;
}

}  // namespace

SourceLocation location_of(const Function& f) {
  const DISubprogram* s = f.getSubprogram();
  return s ? SourceLocation{s->getFilename().str(), s->getLine(), 1} : SourceLocation{};
}

const DIType* return_type_of(const Function& f) { return f.getSubprogram()->getType()->getTypeArray()[0]; }

std::vector<Parameter> parameters_of(Function& f) {
  const auto types = f.getSubprogram()->getType()->getTypeArray();
  const std::size_t count = types.size() - 1;
  const std::size_t hidden = f.hasStructRetAttr() ? 1 : 0;
  auto fail_pieces = [&] {
    fail(location_of(f), "a parameter of '" + function_base_name(f.getName()) +
                             "' is passed in pieces; use ap_uint members in structs");
  };
  if (f.arg_size() != count + hidden) fail_pieces();
  const std::vector<std::string> names = parameter_names(f, count, hidden);
  std::vector<Parameter> r;
  for (std::size_t i = 0; i < count; i++) {
    Parameter p{names[i], types[i + 1], f.getArg(i + hidden), stream_payload(types[i + 1]) != nullptr};
    p.is_written_through = !p.is_stream && can_be_written_through(p.type);
    p.is_pointer = p.is_written_through && stripped(p.type)->getTag() == dwarf::DW_TAG_pointer_type;
    if (p.is_written_through) p.type = target_of(p.type);
    // clang packs a small struct of C integers, with its padding, into one integer.
    if (!p.argument->getType()->isPointerTy() && scalar_width(p.type) == 0) fail_pieces();
    r.push_back(p);
  }
  return r;
}

unsigned total_width(const std::vector<Leaf>& leaves) {
  unsigned sum = 0;
  for (const Leaf& l : leaves) sum += l.width;
  return sum;
}

Value* load_leaf(IRBuilder<>& b, Value* object, const Leaf& leaf) {
  Value* stored = b.CreateAlignedLoad(b.getIntNTy(leaf.storage), address_of(b, object, leaf), Align(1));
  return b.CreateTrunc(stored, b.getIntNTy(leaf.width));
}

void store_leaf(IRBuilder<>& b, Value* object, const Leaf& leaf, Value* value) {
  b.CreateAlignedStore(b.CreateZExt(value, b.getIntNTy(leaf.storage)), address_of(b, object, leaf), Align(1));
}

Value* load_packed(IRBuilder<>& b, Value* object, const std::vector<Leaf>& leaves) {
  Type* whole = b.getIntNTy(total_width(leaves));
  Value* r = ConstantInt::get(whole, 0);
  unsigned offset = 0;
  for (const Leaf& l : leaves) {
    r = b.CreateOr(r, b.CreateShl(b.CreateZExt(load_leaf(b, object, l), whole), offset));
    offset += l.width;
  }
  return r;
}

void store_packed(IRBuilder<>& b, Value* object, const std::vector<Leaf>& leaves, Value* value) {
  unsigned offset = 0;
  for (const Leaf& l : leaves) {
    store_leaf(b, object, l, b.CreateTrunc(b.CreateLShr(value, offset), b.getIntNTy(l.width)));
    offset += l.width;
  }
}

Value* declare_argument(IRBuilder<>& b, std::uint32_t number, unsigned width) {
  Type* t = b.getIntNTy(width);
  auto argument =
      intrinsics::declare(*b.GetInsertBlock()->getModule(), intrinsics::kArgument + intrinsics::type_suffix(t),
                          FunctionType::get(t, {b.getInt32Ty()}, false), intrinsics::Effect::pure);
  return b.CreateCall(argument, {b.getInt32(number)});
}

AllocaInst* allocate(IRBuilder<>& b, const DIType* type) {
  const std::uint64_t bytes = (stripped(type)->getSizeInBits() + 7) / 8;
  AllocaInst* a = b.CreateAlloca(ArrayType::get(b.getInt8Ty(), bytes));
  a->setAlignment(Align(16));
  return a;
}

}  // namespace sapulse::hlsc
