// SPDX-License-Identifier: Apache-2.0
#include "frontend/processes.h"

#include <set>

#include "frontend/debug_types.h"
#include "frontend/source_text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

bool is_stream_type(Type* t) {
  while (const auto* a = dyn_cast<ArrayType>(t)) t = a->getElementType();
  const auto* s = dyn_cast<StructType>(t);
  return s && s->hasName() && s->getName().starts_with("class.hls::stream");
}

bool declares_stream(const Instruction& i) {
  if (const auto* a = dyn_cast<AllocaInst>(&i)) return is_stream_type(a->getAllocatedType());
  return any_of(i.operands(), [](const Use& u) {
    const auto* g = dyn_cast<GlobalVariable>(u->stripInBoundsConstantOffsets());
    return g && is_stream_type(g->getValueType());
  });
}

bool is_network(const Function& f, std::set<const Function*>& seen) {
  if (!seen.insert(&f).second) return false;
  for (const Instruction& i : instructions(f)) {
    if (declares_stream(i)) return true;
    const auto* call = dyn_cast<CallBase>(&i);
    const Function* callee = call ? call->getCalledFunction() : nullptr;
    if (callee && is_process(*callee) && is_network(*callee, seen)) return true;
  }
  return any_of(pragmas_of(f), [](const Pragma& p) { return p.directive == "DATAFLOW"; });
}

bool uses_state(const Function& f, std::set<const Function*>& seen) {
  if (f.isDeclaration() || !seen.insert(&f).second) return false;
  return any_of(instructions(f), [&](const Instruction& i) {
    return any_of(i.operands(), [&](const Use& u) {
      const Value* v = u->stripInBoundsConstantOffsets();
      if (const auto* g = dyn_cast<GlobalVariable>(v))
        return g->hasInitializer() && !g->isConstant() && !is_stream_type(g->getValueType());
      const auto* callee = dyn_cast<Function>(v);
      return callee && uses_state(*callee, seen);
    });
  });
}

}  // namespace

bool is_process(const Function& f) {
  const DISubprogram* s = f.getSubprogram();
  if (!s || f.isDeclaration() || is_hls_header(s->getFilename())) return false;
  // not even a result has a type where clang made the function: initialisers of a file's global variables
  const auto types = s->getType()->getTypeArray();
  return types.size() > 1 && any_of(drop_begin(types), [](const DIType* t) { return stream_payload(t); });
}

bool is_network(const Function& f) {
  std::set<const Function*> seen;
  return is_network(f, seen);
}

bool has_state(const Function& f) {
  std::set<const Function*> seen;
  return uses_state(f, seen);
}

}  // namespace sapulse::hlsc
