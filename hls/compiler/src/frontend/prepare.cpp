// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "frontend/intrinsics.h"
#include "frontend/memory_steps.h"
#include "frontend/pass_runner.h"
#include "frontend/steps.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/IPO/AlwaysInliner.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/BDCE.h"
#include "llvm/Transforms/Scalar/GVN.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopRotation.h"
#include "llvm/Transforms/Scalar/LoopUnrollPass.h"
#include "llvm/Transforms/Scalar/SCCP.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/Mem2Reg.h"
#include "llvm/Transforms/Utils/UnifyFunctionExitNodes.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

constexpr int kMaxUnrollRounds = 8;
constexpr unsigned kMaxTripCount = 65536;

/// The loops that are left take an iteration for each pass.
void run_loops_in_steps(Unit& unit, PassRunner& passes) {
  Function& f = *unit.function;
  const Instruction* loop = passes.some_loop(f);
  if (!loop && none_of(instructions(f), begins_step)) return;
  if (unit.is_module) fail(loop, "loop without a constant trip count in a module function");
  write_result(unit);
  expand_variable_indices(f);
  passes.on_function(f, [](FunctionPassManager& p) {
    add_cleanup(p, false);
    p.addPass(LoopSimplifyPass());
  });
  passes.with_loops(f, [&](const DominatorTree&, LoopInfo& loops, ScalarEvolution& evolution) {
    narrow_counters(f, loops, evolution);
  });
  passes.on_function(f, [](FunctionPassManager& p) {
    p.addPass(InstCombinePass());
    p.addPass(LoopSimplifyPass());
  });
  split_at_loops(unit);
  passes.on_function(f, [](FunctionPassManager& p) { p.addPass(UnifyFunctionExitNodesPass()); });
}

void prepare_unit(Unit& unit, PassRunner& passes) {
  Function& f = *unit.function;
  lower_asserts(unit);
  relax_volatile(unit);
  refuse_unsupported(f);
  lower_markers(f);
  widen_odd_accesses(f);
  keep_buffers(unit);
  mark_uninitialised(unit);
  lower_memory_accesses(unit, passes);
  unroll_loops(f, passes);
  passes.on_function(f, [](FunctionPassManager& p) { p.addPass(UnifyFunctionExitNodesPass()); });
  lower_memory_requests(unit, passes);
  fold_initialisers(f);
  expand_stream_indices(f);
  run_loops_in_steps(unit, passes);
  if (!unit.is_module) localise_ports(unit);
  localise_statics(unit);
  expand_variable_indices(f);
  passes.on_function(f, [](FunctionPassManager& p) {
    add_cleanup(p, false);
    p.addPass(SCCPPass());
    p.addPass(GVNPass());
    add_cleanup(p, true);
    p.addPass(BDCEPass());
    add_cleanup(p, true);
    p.addPass(UnifyFunctionExitNodesPass());
  });
  if (verifyFunction(f, &errs())) fail("internal error: broken IR of '" + unit.name + "'");
}

/// Callees first; units that the kernel does not use are left out.
std::vector<Unit> in_dependency_order(std::vector<Unit> units, PassRunner& passes) {
  std::map<std::string, std::size_t> by_callee;
  for (std::size_t i = 0; i < units.size(); i++) by_callee[units[i].callee] = i;
  std::vector<Unit> order;
  std::set<std::size_t> done;
  auto visit = [&](auto& self, std::size_t i) -> void {
    done.insert(i);
    if (units[i].native) {
      order.push_back(units[i]);
      return;
    }
    prepare_unit(units[i], passes);
    for (const Instruction& instruction : instructions(*units[i].function)) {
      const StringRef name = intrinsics::name_of(instruction);
      const auto it = name.empty() ? by_callee.end() : by_callee.find(name.str());
      if (it == by_callee.end() || done.count(it->second)) continue;
      self(self, it->second);
    }
    order.push_back(units[i]);
  };
  visit(visit, units.size() - 1);
  return order;
}

}  // namespace

// LLVM's limits are meant for processors: a kernel is always if-converted and unrolled completely.
void lift_limits(Module& m) {
  static const bool done = [] {
    auto& options = cl::getRegisteredOptions();
    for (const char* name : {"two-entry-phi-node-folding-threshold", "phi-node-folding-threshold",
                             "max-speculation-depth", "pragma-unroll-threshold"}) {
      auto it = options.find(name);
      if (it == options.end()) fail(std::string("internal error: this LLVM has no option ") + name);
      it->second->addOccurrence(0, name, "100000000");
    }
    return true;
  }();
  (void)done;
  m.setDataLayout("e-m:e-i64:64-i128:128-S128");  // no native integer widths: iN stays iN
}

// Nothing calls a root: only external linkage keeps one that is a template or static.
void inline_all(Module& m, PassRunner& passes, const std::set<const Function*>& roots) {
  for (Function& f : m) {
    if (f.isDeclaration()) continue;
    f.removeFnAttr(Attribute::NoInline);
    f.removeFnAttr(Attribute::OptimizeNone);
    f.setComdat(nullptr);
    f.setLinkage(roots.count(&f) ? GlobalValue::ExternalLinkage : GlobalValue::InternalLinkage);
    if (roots.count(&f)) continue;
    f.addFnAttr(Attribute::AlwaysInline);
  }
  for (Function& f : m) {
    // What ap_int.h does not leave uninitialised becomes values once, not at each of many places.
    if (!f.isDeclaration() && !f.getSubprogram() && !roots.count(&f))
      passes.on_function(f, [](FunctionPassManager& p) { p.addPass(PromotePass()); });
  }
  passes.on_module(m, [](ModulePassManager& p) {
    p.addPass(AlwaysInlinerPass(false));
    p.addPass(GlobalDCEPass());
  });
}

void unroll_loops(Function& f, PassRunner& passes) {
  passes.on_function(f, [](FunctionPassManager& p) {
    add_cleanup(p, false);
    p.addPass(LoopSimplifyPass());
    p.addPass(LCSSAPass());
    p.addPass(createFunctionToLoopPassAdaptor(LoopRotatePass(true, false), true));
    p.addPass(createFunctionToLoopPassAdaptor(IndVarSimplifyPass(), false, true));
  });
  unsigned size = 0;
  for (int round = 0; round < kMaxUnrollRounds && passes.some_loop(f) && f.getInstructionCount() != size; round++) {
    size = f.getInstructionCount();
    passes.mark_loops_for_unrolling(f);
    passes.on_function(f, [](FunctionPassManager& p) {
      p.addPass(
          LoopUnrollPass(LoopUnrollOptions(3, true, true).setFullUnrollMaxCount(kMaxTripCount).setPeeling(false)));
      add_cleanup(p, false);
    });
  }
}

std::vector<Unit> prepare(Function& kernel, const std::string& name, const Surroundings& surroundings,
                          const std::vector<std::string>& natives) {
  Module& m = *kernel.getParent();
  lift_limits(m);
  Unit unit;
  unit.function = &kernel;
  read_interval(unit);
  read_storage(m);
  remove_prints(*unit.function, unit.notes);
  refuse_recursion(*unit.function);
  std::vector<Unit> units = extract_modules(m, natives);
  unit.name = name;
  unit.surroundings = surroundings;
  replace_arguments(unit);
  units.push_back(unit);
  PassRunner passes;
  std::set<const Function*> roots;
  for (const Unit& u : units) {
    if (u.function) roots.insert(u.function);
  }
  inline_all(m, passes, roots);
  return in_dependency_order(std::move(units), passes);
}

}  // namespace sapulse::hlsc
