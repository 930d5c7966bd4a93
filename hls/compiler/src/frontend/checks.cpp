// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "clang.h"
#include "frontend/debug_types.h"
#include "frontend/parameters.h"
#include "frontend/steps.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

/// "sapulse::open" without parameters.
std::string qualified_name(const Function& f) {
  std::string mangled = f.getName().str();
  ItaniumPartialDemangler demangler;
  if (demangler.partialDemangle(mangled.c_str()) || !demangler.isFunction()) return mangled;
  char* text = demangler.getFunctionName(nullptr, nullptr);
  std::string name = text;
  std::free(text);
  return name;
}

class RecursionCheck {
 public:
  void visit(const Function& f) {
    state_[&f] = State::active;
    for (const Instruction& i : instructions(f)) {
      const auto* call = dyn_cast<CallBase>(&i);
      if (!call || call->isInlineAsm() || isa<IntrinsicInst>(call)) continue;
      const Function* callee = call->getCalledFunction();
      if (!callee) fail(&i, "indirect call (function pointer or virtual function)");
      if (callee->isDeclaration()) continue;
      if (auto it = state_.find(callee); it == state_.end()) {
        visit(*callee);
      } else if (it->second == State::active) {
        fail(&i, "recursion: call of '" + function_base_name(callee->getName()) + "'");
      }
    }
    state_[&f] = State::done;
  }

 private:
  enum class State { active, done };
  std::map<const Function*, State> state_;
};

std::string describe_external(const Function& f) {
  const std::string name = demangle(f.getName().str());
  if (name.starts_with("operator new") || name.starts_with("operator delete") || name == "malloc" || name == "free" ||
      name == "calloc" || name == "realloc") {
    return "heap memory is not supported (" + name + ")";
  }
  if (name.starts_with("__cxa_guard"))
    return "guards of static variables for threads; compile with -fno-threadsafe-statics";
  if (name.starts_with("__cxa_") || name.starts_with("std::__throw_"))
    return "exceptions are not supported (" + name + ")";
  return "call of external function '" + name + "'";
}

bool is_floating(const Type* t) { return t->getScalarType()->isFloatingPointTy(); }

void refuse_operation(const Instruction& i) {
  if (is_floating(i.getType())) fail(&i, "floating point is not supported");
  for (const Use& u : i.operands()) {
    if (is_floating(u->getType())) fail(&i, "floating point is not supported");
  }
  if (isa<PtrToIntInst>(i) || isa<IntToPtrInst>(i)) fail(&i, "pointers cannot be used as values");
  if (i.isAtomic() || i.isVolatile()) fail(&i, "volatile and atomic accesses are not supported");
}

void refuse_call(const Instruction& i) {
  if (isa<InvokeInst>(i) || isa<LandingPadInst>(i) || isa<ResumeInst>(i)) fail(&i, "exceptions are not supported");
  const auto* call = dyn_cast<CallBase>(&i);
  if (!call || isa<IntrinsicInst>(call)) return;
  if (call->isInlineAsm()) fail(&i, "inline assembly is not supported");
  const Function* f = call->getCalledFunction();
  if (!f) fail(&i, "indirect call (function pointer or virtual function)");
  if (!f->isDeclaration()) fail(&i, "call of '" + function_base_name(f->getName()) + "' could not be inlined");
  if (!f->getName().starts_with("hls.") && !f->getName().starts_with("__hls_")) fail(&i, describe_external(*f));
}

/// Without spaces.
std::string packed(std::string name) {
  erase(name, ' ');
  return name;
}

bool is_called(const Function& f, const std::string& name) {
  if (!is_instance(name)) return function_base_name(f.getName()) == name || qualified_name(f) == name;
  return f.getSubprogram() && packed(cxx_name(f.getSubprogram())) == packed(name);
}

}  // namespace

Function* find_function(Module& m, const std::string& wanted) {
  Function* found = nullptr;
  for (Function& f : m) {
    if (f.isDeclaration() || !is_called(f, wanted)) continue;
    if (found) {
      fail(location_of(f), "'" + wanted + "' is ambiguous, as there is '" + demangle(found->getName().str()) +
                               "', too; give the qualified name");
    }
    found = &f;
  }
  if (!found) fail("no function '" + wanted + "' in the bitcode");
  if (!found->getSubprogram()) fail("the bitcode has no debug information; compile with -g");
  return found;
}

Function* find_top(Module& m, const std::string& wanted) {
  GlobalVariable* instance = is_instance(wanted) ? m.getNamedGlobal(kInstance) : nullptr;
  if (!instance) return find_function(m, wanted);
  auto* found = cast<Function>(instance->getInitializer());
  removeFromUsedLists(m, [&](Constant* c) { return c == instance; });
  instance->eraseFromParent();
  return found;
}

void refuse_recursion(const Function& kernel) { RecursionCheck().visit(kernel); }

void refuse_unsupported(Function& f) {
  for (const Instruction& i : instructions(f)) refuse_call(i);  // they say more than what surrounds them
  for (const Instruction& i : instructions(f)) refuse_operation(i);
}

}  // namespace sapulse::hlsc
