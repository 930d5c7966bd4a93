// SPDX-License-Identifier: Apache-2.0
// HLS_MODULE functions: a wrapper with hls.argument and hls.result becomes the unit; calls become hls.call.*.
#include <map>
#include <set>

#include "frontend/intrinsics.h"
#include "frontend/parameters.h"
#include "frontend/steps.h"
#include "llvm/IR/InstIterator.h"

namespace sapulse::hlsc {

using namespace llvm;
using intrinsics::Effect;

namespace {

std::vector<Function*> annotatedFunctions(Module& m) {
  std::vector<Function*> r;
  GlobalVariable* annotations = m.getNamedGlobal("llvm.global.annotations");
  if (!annotations) return r;
  for (const Use& entry : cast<ConstantArray>(annotations->getInitializer())->operands()) {
    auto* fields = cast<ConstantStruct>(entry);
    auto* text = dyn_cast<GlobalVariable>(fields->getOperand(1)->stripPointerCasts());
    auto* data = text ? dyn_cast<ConstantDataSequential>(text->getInitializer()) : nullptr;
    auto* f = dyn_cast<Function>(fields->getOperand(0)->stripPointerCasts());
    if (f && data && data->isCString() && data->getAsCString() == "hlsc.module" && !f->isDeclaration() &&
        !is_contained(r, f)) {
      r.push_back(f);
    }
  }
  annotations->eraseFromParent();  // it keeps the functions alive
  return r;
}

/// A function, its parameters and how a call of it looks in the graph.
struct Signature {
  Function* function;
  std::vector<Parameter> parameters;
  std::vector<std::vector<Leaf>> leaves;  ///< by parameter
  std::vector<Leaf> result;
  FunctionCallee call;  ///< hls.call.*
};

void refuseStream(const Signature& s, const Parameter& p) {
  if (p.isStream) fail(locationOf(*s.function), "a module function cannot have streams ('" + p.name + "')");
}

Signature signatureOf(Function* f, const std::string& name) {
  Module& m = *f->getParent();
  Signature s;
  s.function = f;
  s.parameters = parametersOf(*f);
  std::vector<Type*> types;
  for (const Parameter& p : s.parameters) {
    refuseStream(s, p);
    s.leaves.push_back(leavesOf(p.type, locationOf(*f)));
    for (const Leaf& l : s.leaves.back()) types.push_back(IntegerType::get(m.getContext(), l.width));
  }
  if (!returnTypeOf(*f)) fail(locationOf(*f), "a module function must return a value");
  s.result = leavesOf(returnTypeOf(*f), locationOf(*f));
  if (!f->hasStructRetAttr() && scalarWidth(returnTypeOf(*f)) == 0) {
    fail(locationOf(*f), "the result of a module function is returned in pieces; use ap_uint members in structs");
  }
  Type* result = IntegerType::get(m.getContext(), totalWidth(s.result));
  s.call = intrinsics::declare(m, intrinsics::kCall + name, FunctionType::get(result, types, false), Effect::Pure);
  return s;
}

/// Replaces one call: leaves are loaded, the packed result is stored where the callee would have done it.
void replaceCall(const Signature& s, CallInst* call) {
  IRBuilder<> b(call);
  const unsigned hidden = s.function->hasStructRetAttr() ? 1 : 0;
  std::vector<Value*> operands;
  for (std::size_t i = 0; i < s.parameters.size(); i++) {
    Value* given = call->getArgOperand(i + hidden);
    for (const Leaf& l : s.leaves[i]) {
      operands.push_back(given->getType()->isPointerTy() ? loadLeaf(b, given, l)
                                                         : b.CreateTrunc(given, b.getIntNTy(l.width)));
    }
  }
  Value* result = b.CreateCall(s.call, operands);
  if (hidden) {
    storePacked(b, call->getArgOperand(0), s.result, result);
  } else {
    call->replaceAllUsesWith(b.CreateZExt(result, call->getType()));
  }
  call->eraseFromParent();
}

Unit makeWrapper(const Signature& s, const std::string& name) {
  Module& m = *s.function->getParent();
  LLVMContext& c = m.getContext();
  Unit unit;
  unit.isModule = true;
  unit.name = name;
  unit.callee = intrinsics::kCall + name;
  unit.function = Function::Create(FunctionType::get(Type::getVoidTy(c), false), GlobalValue::ExternalLinkage,
                                   "hlsc.module." + name, m);
  IRBuilder<> b(BasicBlock::Create(c, "", unit.function));
  // Inlined calls need a location, and that needs a subprogram.
  DISubprogram* subprogram = s.function->getSubprogram();
  unit.function->setSubprogram(
      DISubprogram::getDistinct(c, subprogram->getScope(), subprogram->getName(), "", subprogram->getFile(),
                                subprogram->getLine(), subprogram->getType(), subprogram->getScopeLine(), nullptr, 0, 0,
                                DINode::FlagZero, DISubprogram::SPFlagDefinition, subprogram->getUnit()));
  b.SetCurrentDebugLocation(DILocation::get(c, subprogram->getLine(), 1, unit.function->getSubprogram()));

  std::vector<Value*> given;
  AllocaInst* result = nullptr;
  if (s.function->hasStructRetAttr()) given.push_back(result = allocate(b, returnTypeOf(*s.function)));
  for (std::size_t i = 0; i < s.parameters.size(); i++) {
    const Parameter& p = s.parameters[i];
    AllocaInst* object = p.argument->getType()->isPointerTy() ? allocate(b, p.type) : nullptr;
    for (const Leaf& l : s.leaves[i]) {
      Type* t = b.getIntNTy(l.width);
      auto argument = intrinsics::declare(m, intrinsics::kArgument + intrinsics::typeSuffix(t),
                                          FunctionType::get(t, {b.getInt32Ty()}, false), Effect::Pure);
      Value* v = b.CreateCall(argument, {b.getInt32(static_cast<std::uint32_t>(unit.arguments.size()))});
      unit.arguments.push_back({p.name + (l.path.empty() ? "" : "_" + l.path), l.width});
      if (object) {
        storeLeaf(b, object, l, v);
      } else {
        given.push_back(b.CreateZExt(v, p.argument->getType()));
      }
    }
    if (object) given.push_back(object);
  }
  CallInst* call = b.CreateCall(s.function, given);
  Type* width = b.getIntNTy(totalWidth(s.result));
  Value* packed = result ? loadPacked(b, result, s.result) : b.CreateTrunc(call, width);
  auto sink = intrinsics::declare(m, intrinsics::kResult + intrinsics::typeSuffix(width),
                                  FunctionType::get(b.getVoidTy(), {width}, false), Effect::Ordered);
  b.CreateCall(sink, {packed});
  b.CreateRetVoid();
  return unit;
}

void replaceUses(const Signature& s) {
  s.function->removeDeadConstantUsers();
  std::vector<User*> users(s.function->user_begin(), s.function->user_end());
  for (User* u : users) {
    auto* call = dyn_cast<CallInst>(u);
    if (!call || call->getCalledFunction() != s.function) {
      fail(locationOf(*s.function), "a module function can only be called, its address cannot be used");
    }
    replaceCall(s, call);
  }
}

}  // namespace

std::vector<Unit> extractModules(Module& m) {
  std::set<std::string> names;
  std::vector<Unit> units;
  for (Function* f : annotatedFunctions(m)) {
    std::string name = identifier(functionBaseName(f->getName()));
    for (int n = 2; !names.insert(name).second; n++)
      name = identifier(functionBaseName(f->getName())) + "_" + std::to_string(n);
    const Signature s = signatureOf(f, name);
    replaceUses(s);
    units.push_back(makeWrapper(s, name));
  }
  return units;
}

void replaceArguments(Unit& kernel) {
  Function& f = *kernel.function;
  Module& m = *f.getParent();
  for (const Parameter& p : parametersOf(f)) {
    if (p.isStream) continue;
    IRBuilder<> b(&*f.getEntryBlock().getFirstInsertionPt());
    AllocaInst* object = p.argument->getType()->isPointerTy() ? allocate(b, p.type) : nullptr;
    for (const Leaf& l : leavesOf(p.type, locationOf(f))) {
      Type* t = b.getIntNTy(l.width);
      auto argument = intrinsics::declare(m, intrinsics::kArgument + intrinsics::typeSuffix(t),
                                          FunctionType::get(t, {b.getInt32Ty()}, false), Effect::Pure);
      Value* v = b.CreateCall(argument, {b.getInt32(static_cast<std::uint32_t>(kernel.arguments.size()))});
      kernel.arguments.push_back({p.name + (l.path.empty() ? "" : "_" + l.path), l.width});
      if (object) {
        storeLeaf(b, object, l, v);
      } else {
        p.argument->replaceAllUsesWith(b.CreateZExtOrTrunc(v, p.argument->getType()));
      }
    }
    if (object) p.argument->replaceAllUsesWith(object);
  }
}

}  // namespace sapulse::hlsc
