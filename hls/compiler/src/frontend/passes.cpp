// SPDX-License-Identifier: Apache-2.0
#include "frontend/pass_runner.h"
#include "frontend/steps.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/ADCE.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

namespace sapulse::hlsc {

using namespace llvm;

PassRunner::PassRunner() {
  builder_.registerModuleAnalyses(mam_);
  builder_.registerCGSCCAnalyses(cgam_);
  builder_.registerFunctionAnalyses(fam_);
  builder_.registerLoopAnalyses(lam_);
  builder_.crossRegisterProxies(lam_, fam_, cgam_, mam_);
}

void PassRunner::on_module(Module& m, const std::function<void(ModulePassManager&)>& build) {
  ModulePassManager p;
  build(p);
  p.run(m, mam_);
}

void PassRunner::on_function(Function& f, const std::function<void(FunctionPassManager&)>& build) {
  FunctionPassManager p;
  build(p);
  p.run(f, fam_);
  fam_.clear();
}

void PassRunner::with_loops(
    Function& f, const std::function<void(const DominatorTree&, LoopInfo&, ScalarEvolution&)>& use) {
  use(fam_.getResult<DominatorTreeAnalysis>(f), fam_.getResult<LoopAnalysis>(f),
      fam_.getResult<ScalarEvolutionAnalysis>(f));
  fam_.clear();
}

const Instruction* PassRunner::some_loop(Function& f) {
  const LoopInfo& li = fam_.getResult<LoopAnalysis>(f);
  const Instruction* found = nullptr;
  for (const Loop* l : li) {
    found = l->getHeader()->getTerminator();
    if (l->getStartLoc()) {
      for (const BasicBlock* b : l->blocks()) {
        for (const Instruction& i : *b) {
          if (i.getDebugLoc() && i.getDebugLoc()->getLine() == l->getStartLoc()->getLine()) found = &i;
        }
      }
    }
    break;
  }
  fam_.clear();
  return found;
}

void PassRunner::mark_loops_for_unrolling(Function& f) {
  LLVMContext& c = f.getContext();
  const LoopInfo& li = fam_.getResult<LoopAnalysis>(f);
  const DominatorTree& dominators = fam_.getResult<DominatorTreeAnalysis>(f);
  for (Loop* l : li.getLoopsInPreorder()) {
    if (is_sequential(*l, dominators)) continue;
    MDNode* full = MDNode::get(c, MDString::get(c, "llvm.loop.unroll.full"));
    l->setLoopID(makePostTransformationMetadata(c, l->getLoopID(), {"llvm.loop.unroll."}, {full}));
  }
  fam_.clear();
}

void add_cleanup(FunctionPassManager& p, bool late) {
  SimplifyCFGOptions o;
  o.speculateBlocks(true).convertSwitchToLookupTable(false);
  // Sinking would merge stream calls into one on a select of pointers.
  if (late) o.hoistCommonInsts(true).sinkCommonInsts(false).bonusInstThreshold(8);
  p.addPass(SROAPass(SROAOptions::ModifyCFG));
  p.addPass(EarlyCSEPass(true));
  // Phis become selects before InstCombine sees them: it would cut wide ("illegal") phis into pieces.
  p.addPass(SimplifyCFGPass(o));
  p.addPass(InstCombinePass());
  p.addPass(SimplifyCFGPass(o));
  p.addPass(ADCEPass());
}

}  // namespace sapulse::hlsc
