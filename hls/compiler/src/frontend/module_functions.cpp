// SPDX-License-Identifier: Apache-2.0
// HLS_MODULE functions: a wrapper with hls.argument and hls.result becomes the unit; calls become hls.call.*.
#include <map>
#include <set>

#include "frontend/intrinsics.h"
#include "frontend/parameters.h"
#include "frontend/steps.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Support/FileSystem.h"

namespace sapulse::hlsc {

using namespace llvm;
using intrinsics::Effect;

namespace {

std::vector<Function*> annotated_functions(Module& m) {
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

void refuse_parameter(const Signature& s, const Parameter& p) {
  if (p.is_stream) fail(location_of(*s.function), "a module function cannot have streams ('" + p.name + "')");
  if (p.is_written_through) {
    fail(location_of(*s.function),
         "parameter '" + p.name + "' of a module function can be written through; pass values or const references");
  }
}

Signature signature_of(Function* f, const std::string& name) {
  Module& m = *f->getParent();
  Signature s;
  s.function = f;
  s.parameters = parameters_of(*f);
  std::vector<Type*> types;
  for (const Parameter& p : s.parameters) {
    refuse_parameter(s, p);
    s.leaves.push_back(leaves_of(p.type, location_of(*f)));
    for (const Leaf& l : s.leaves.back()) types.push_back(IntegerType::get(m.getContext(), l.width));
  }
  if (!return_type_of(*f)) fail(location_of(*f), "a module function must return a value");
  s.result = leaves_of(return_type_of(*f), location_of(*f));
  if (!f->hasStructRetAttr() && scalar_width(return_type_of(*f)) == 0) {
    fail(location_of(*f), "the result of a module function is returned in pieces; use ap_uint members in structs");
  }
  Type* result = IntegerType::get(m.getContext(), total_width(s.result));
  s.call = intrinsics::declare(m, intrinsics::kCall + name, FunctionType::get(result, types, false), Effect::pure);
  return s;
}

/// Replaces one call: leaves are loaded, the packed result is stored where the callee would have done it.
void replace_call(const Signature& s, CallInst* call) {
  IRBuilder<> b(call);
  const unsigned hidden = s.function->hasStructRetAttr() ? 1 : 0;
  std::vector<Value*> operands;
  for (std::size_t i = 0; i < s.parameters.size(); i++) {
    Value* given = call->getArgOperand(i + hidden);
    for (const Leaf& l : s.leaves[i]) {
      operands.push_back(given->getType()->isPointerTy() ? load_leaf(b, given, l)
                                                         : b.CreateTrunc(given, b.getIntNTy(l.width)));
    }
  }
  Value* result = b.CreateCall(s.call, operands);
  if (hidden) {
    store_packed(b, call->getArgOperand(0), s.result, result);
  } else {
    call->replaceAllUsesWith(b.CreateZExt(result, call->getType()));
  }
  call->eraseFromParent();
}

Unit make_wrapper(const Signature& s, const std::string& name) {
  Module& m = *s.function->getParent();
  LLVMContext& c = m.getContext();
  Unit unit;
  unit.is_module = true;
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
  if (s.function->hasStructRetAttr()) given.push_back(result = allocate(b, return_type_of(*s.function)));
  for (std::size_t i = 0; i < s.parameters.size(); i++) {
    const Parameter& p = s.parameters[i];
    AllocaInst* object = p.argument->getType()->isPointerTy() ? allocate(b, p.type) : nullptr;
    for (const Leaf& l : s.leaves[i]) {
      Value* v = declare_argument(b, static_cast<std::uint32_t>(unit.arguments.size()), l.width);
      unit.arguments.push_back({p.name + (l.path.empty() ? "" : "_" + l.path), l.width});
      if (object) {
        store_leaf(b, object, l, v);
      } else {
        given.push_back(b.CreateZExt(v, p.argument->getType()));
      }
    }
    if (object) given.push_back(object);
  }
  CallInst* call = b.CreateCall(s.function, given);
  Type* width = b.getIntNTy(total_width(s.result));
  Value* packed = result ? load_packed(b, result, s.result) : b.CreateTrunc(call, width);
  auto sink = intrinsics::declare(m, intrinsics::kResult + intrinsics::type_suffix(width),
                                  FunctionType::get(b.getVoidTy(), {width}, false), Effect::ordered);
  b.CreateCall(sink, {packed});
  b.CreateRetVoid();
  return unit;
}

void replace_uses(const Signature& s) {
  s.function->removeDeadConstantUsers();
  std::vector<User*> users(s.function->user_begin(), s.function->user_end());
  for (User* u : users) {
    auto* call = dyn_cast<CallInst>(u);
    if (!call || call->getCalledFunction() != s.function) {
      fail(location_of(*s.function), "a module function can only be called, its address cannot be used");
    }
    replace_call(s, call);
  }
}

/// The file that it is in, with its folder.
std::string file_of(const Function& f) {
  const DISubprogram* s = f.getSubprogram();
  SmallString<128> path(s->getFilename());
  sys::fs::make_absolute(s->getDirectory(), path);
  return path.str().str();
}

/// Calls of a function that stays C++ become calls of a module without a body.
Unit extract_native(Module& m, const std::string& native) {
  Function* f = find_function(m, native);
  Unit unit;
  unit.is_module = true;
  unit.name = identifier(native);
  unit.callee = intrinsics::kCall + unit.name;
  const Signature s = signature_of(f, unit.name);
  for (std::size_t i = 0; i < s.parameters.size(); i++) {
    if (scalar_width(s.parameters[i].type) == 0) {
      fail(location_of(*f), "parameter '" + s.parameters[i].name + "' of a function that stays C++ is no scalar");
    }
    unit.arguments.push_back({s.parameters[i].name, s.leaves[i][0].width});
  }
  if (scalar_width(return_type_of(*f)) == 0) fail(location_of(*f), "a function that stays C++ must return a scalar");
  unit.native = NativeFunction{native, file_of(*f), total_width(s.result)};
  replace_uses(s);
  return unit;
}

}  // namespace

std::vector<Unit> extract_modules(Module& m, const std::vector<std::string>& natives) {
  std::set<std::string> names;
  std::vector<Unit> units;
  const std::vector<Function*> annotated = annotated_functions(m);
  units.reserve(natives.size() + annotated.size());
  for (const std::string& native : natives) units.push_back(extract_native(m, native));
  for (Function* f : annotated) {
    std::string name = identifier(function_base_name(f->getName()));
    for (int n = 2; !names.insert(name).second; n++)
      name = identifier(function_base_name(f->getName())) + "_" + std::to_string(n);
    const Signature s = signature_of(f, name);
    replace_uses(s);
    units.push_back(make_wrapper(s, name));
  }
  return units;
}

void replace_arguments(Unit& kernel) {
  Function& f = *kernel.function;
  for (const Parameter& p : parameters_of(f)) {
    if (p.is_stream || p.is_written_through) continue;
    IRBuilder<> b(&*f.getEntryBlock().getFirstInsertionPt());
    AllocaInst* object = p.argument->getType()->isPointerTy() ? allocate(b, p.type) : nullptr;
    for (const Leaf& l : leaves_of(p.type, location_of(f))) {
      Value* v = declare_argument(b, static_cast<std::uint32_t>(kernel.arguments.size()), l.width);
      kernel.arguments.push_back({p.name + (l.path.empty() ? "" : "_" + l.path), l.width});
      if (object) {
        store_leaf(b, object, l, v);
      } else {
        p.argument->replaceAllUsesWith(b.CreateZExtOrTrunc(v, p.argument->getType()));
      }
    }
    if (object) p.argument->replaceAllUsesWith(object);
  }
}

}  // namespace sapulse::hlsc
