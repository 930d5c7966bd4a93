// SPDX-License-Identifier: Apache-2.0
// What a kernel does for its author alone: prints disappear with a note, assert() becomes hls.assert.
#include <set>

#include "frontend/debug_types.h"
#include "frontend/intrinsics.h"
#include "frontend/steps.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace sapulse::hlsc {

using namespace llvm;
using intrinsics::Effect;

namespace {

std::string note(const Instruction& at, const char* text) { return location_of(&at).text() + ": note: " + text; }

// ---- prints

bool is_c_print(StringRef name) {
  static const StringSet<> names = {"printf",  "fprintf", "vprintf", "vfprintf", "puts",  "fputs",
                                    "putchar", "fputc",   "putc",    "fflush",   "perror"};
  return names.contains(name);
}

/// A member of std::ostream, one of the library's functions on it, or an operator<< for a type of one's own.
bool is_stream_print(const Function& f) {
  const std::string name = demangle(f.getName().str());
  if (name.find("std::ostream") == std::string::npos && name.find("std::basic_ostream<") == std::string::npos)
    return false;
  return name.starts_with("std::") || name.find("operator<<") != std::string::npos;
}

class Prints {
 public:
  explicit Prints(std::vector<std::string>& notes) : notes_(notes) {}

  void remove_from(Function& f) {
    if (f.isDeclaration() || !seen_.insert(&f).second) return;
    std::vector<CallBase*> prints;
    for (Instruction& i : instructions(f)) {
      auto* call = dyn_cast<CallBase>(&i);
      Function* callee = call ? call->getCalledFunction() : nullptr;
      if (!callee) continue;
      if (is_c_print(callee->getName()) || is_stream_print(*callee)) {
        prints.push_back(call);
      } else {
        remove_from(*callee);
      }
    }
    for (CallBase* call : prints) remove(call);
  }

 private:
  void remove(CallBase* call) {
    const std::string text = note(*call, "output is for the C simulation alone; ignored");
    if (!is_contained(notes_, text)) notes_.push_back(text);
    if (call->getType()->isPointerTy()) {
      call->replaceAllUsesWith(call->getArgOperand(0));  // the same std::ostream
    } else if (!call->getType()->isVoidTy()) {
      call->replaceAllUsesWith(Constant::getNullValue(call->getType()));
    }
    call->eraseFromParent();
  }

  std::vector<std::string>& notes_;
  std::set<const Function*> seen_;
};

// ---- assertions

/// Whether the branch goes elsewhere than to the block.
Value* avoids(Instruction* branch, BasicBlock* block) {
  IRBuilder<> b(branch);
  if (auto* s = dyn_cast<SwitchInst>(branch)) {
    Value* hit = b.getFalse();
    for (auto& k : s->cases()) {
      const bool differs = (k.getCaseSuccessor() == block) != (s->getDefaultDest() == block);
      if (differs) hit = b.CreateOr(hit, b.CreateICmpEQ(s->getCondition(), k.getCaseValue()));
    }
    return s->getDefaultDest() == block ? hit : b.CreateNot(hit);
  }
  auto* conditional = cast<BranchInst>(branch);
  return conditional->getSuccessor(1) == block ? conditional->getCondition() : b.CreateNot(conditional->getCondition());
}

/// The branch without its way to the block.
void close_way(Instruction* branch, BasicBlock* block, BasicBlock* instead) {
  block->removePredecessor(branch->getParent());
  if (auto* s = dyn_cast<SwitchInst>(branch)) {
    for (auto k = s->case_begin(); k != s->case_end();) k = k->getCaseSuccessor() == block ? s->removeCase(k) : k + 1;
    if (s->getDefaultDest() != block) return;
    s->setDefaultDest(instead);
    for (PHINode& p : instead->phis())
      p.addIncoming(p.getIncomingValueForBlock(branch->getParent()), branch->getParent());
    return;
  }
  BranchInst::Create(instead, branch->getIterator())->setDebugLoc(branch->getDebugLoc());
  branch->eraseFromParent();
}

void check_before(Instruction* branch, BasicBlock* failure, CallInst* report) {
  Module& m = *branch->getModule();
  IRBuilder<> b(branch);
  b.SetCurrentDebugLocation(report->getDebugLoc());
  auto check = intrinsics::declare(m, intrinsics::kAssert, FunctionType::get(b.getVoidTy(), {b.getInt1Ty()}, false),
                                   Effect::ordered);
  b.CreateCall(check, {avoids(branch, failure)});
}

/// The condition is computed in front of the branch to the failure, and the kernel goes on as if it held: the assertion
/// costs no hardware.
void lower_assert(CallInst* report, Unit& unit) {
  BasicBlock* failure = report->getParent();
  while (BasicBlock* before = failure->getSinglePredecessor()) {
    if (before->getTerminator()->getNumSuccessors() > 1) break;
    failure = before;
  }
  const std::vector<BasicBlock*> ways(pred_begin(failure), pred_end(failure));
  if (ways.empty()) fail(report, "an assertion that fails in every iteration");
  for (BasicBlock* from : std::set<BasicBlock*>(ways.begin(), ways.end())) {
    Instruction* branch = from->getTerminator();
    BasicBlock* instead = nullptr;
    for (BasicBlock* s : successors(from)) {
      if (s != failure) instead = s;
    }
    if (!instead) fail(report, "internal error: an assertion behind an unconditional branch");
    if (!unit.is_module) check_before(branch, failure, report);
    close_way(branch, failure, instead);
  }
  if (unit.is_module) unit.notes.push_back(note(*report, "the RTL does not check assertions of module functions"));
}

}  // namespace

void remove_prints(Function& kernel, std::vector<std::string>& notes) { Prints(notes).remove_from(kernel); }

void lower_asserts(Unit& unit) {
  std::vector<CallInst*> reports;
  for (Instruction& i : instructions(*unit.function)) {
    auto* call = dyn_cast<CallInst>(&i);
    if (call && call->getCalledFunction() && call->getCalledFunction()->getName() == "__assert_fail")
      reports.push_back(call);
  }
  for (CallInst* report : reports) lower_assert(report, unit);
  if (!reports.empty()) EliminateUnreachableBlocks(*unit.function);
}

}  // namespace sapulse::hlsc
