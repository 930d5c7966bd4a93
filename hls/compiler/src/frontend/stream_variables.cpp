// SPDX-License-Identifier: Apache-2.0
#include "frontend/stream_variables.h"

#include "fmt/format.h"
#include "frontend/parameters.h"
#include "frontend/source_text.h"
#include "llvm/IR/DebugInfo.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

unsigned elements(Type* t) {
  unsigned n = 1;
  for (; auto* a = dyn_cast<ArrayType>(t); t = a->getElementType()) n *= static_cast<unsigned>(a->getNumElements());
  return n;
}

StreamVariable describe(const std::string& name, const SourceLocation& location, const DIType* type) {
  StreamVariable v;
  v.name = name;
  v.location = location;
  v.cxx_type = stream_name(type);
  v.is_array = is_stream_array(type);
  v.depth = stream_depth(type);
  return v;
}

StreamVariable describe(AllocaInst* a) {
  const auto declarations = findDVRDeclares(a);
  if (declarations.empty()) fail(a, "internal error: a stream without a name");
  const DILocalVariable* d = declarations.front()->getVariable();
  StreamVariable v = describe(identifier(d->getName()), {d->getFilename().str(), d->getLine(), 1}, d->getType());
  v.count = elements(a->getAllocatedType());
  return v;
}

StreamVariable describe(const GlobalVariable& g) {
  SmallVector<DIGlobalVariableExpression*, 1> info;
  g.getDebugInfo(info);
  if (info.empty() || !stream_payload(info[0]->getVariable()->getType()))
    fail("internal error: '" + g.getName().str() + "' is no stream");
  StreamVariable v = describe(name_of(g), location_of(g), info[0]->getVariable()->getType());
  v.count = elements(g.getValueType());
  return v;
}

}  // namespace

StreamVariables::StreamVariables(Function& original, Function& copy) : original_(original) {
  for (const Parameter& p : parameters_of(original)) {
    if (!p.is_stream) continue;
    StreamVariable v = describe(p.name, location_of(original), p.type);
    v.is_port = true;
    v.position = p.argument->getArgNo();
    add(copy.getArg(v.position), v);
  }
}

int StreamVariables::add(const Value* base, const StreamVariable& v) {
  const int number = static_cast<int>(all_.size());
  all_.push_back(v);
  numbers_[base] = number;
  return number;
}

int StreamVariables::variable(Value* base, const CallInst& at) {
  if (const auto it = numbers_.find(base); it != numbers_.end()) return it->second;
  if (auto* a = dyn_cast<AllocaInst>(base)) return add(base, describe(a));
  if (const auto* g = dyn_cast<GlobalVariable>(base)) return add(base, describe(*g));
  fail(&at, "a stream that is chosen at run time; name streams directly");
}

/// Those of pragmas.
void StreamVariables::state_depths() {
  for (const Pragma& p : pragmas_of(original_)) {
    const auto variable = p.options.find("variable"), depth = p.options.find("depth");
    if (p.directive != "STREAM" || variable == p.options.end() || depth == p.options.end()) continue;
    const std::optional<unsigned> number = number_in_source(original_, depth->second);
    if (number.value_or(0) == 0) {
      fail(p.location, fmt::format("depth '{}' of stream '{}' is not a number that is known here", depth->second,
                                   variable->second));
    }
    for (StreamVariable& v : all_) {
      if (v.name == variable->second && !v.is_port) v.depth = number;
    }
  }
}

std::vector<StreamVariable> StreamVariables::finish() {
  state_depths();
  return std::move(all_);
}

}  // namespace sapulse::hlsc
