// SPDX-License-Identifier: Apache-2.0
#include "frontend/memory_plan.h"

#include <set>

#include "fmt/format.h"
#include "frontend/intrinsics.h"
#include "frontend/parameters.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

/// Whether a loop, or one that it contains, has a site.
bool contains(const Loop* l, const MemorySite& s) { return l->contains(s.call->getParent()); }

class Planner {
 public:
  Planner(Function& f, const DominatorTree& dominators, LoopInfo& loops, ScalarEvolution& evolution)
      : f_(f), dominators_(dominators), loops_(loops), evolution_(evolution),
        expander_(evolution, f.getDataLayout(), "") {}

  MemoryPlan run() {
    for (const Parameter& p : parameters_of(f_)) plan_.names[p.argument->getArgNo()] = p.name;
    for (BasicBlock* b : ReversePostOrderTraversal<Function*>(&f_)) {
      for (Instruction& i : *b) add(i);
    }
    for (MemorySite& s : plan_.sites) s.reason = find_burst(s);
    for (MemorySite& s : plan_.sites) {
      if (!s.is_write && s.reason.empty()) s.reason = order_of_read(s);
      s.is_burst = !s.is_write && s.reason.empty();
    }
    for (MemorySite& s : plan_.sites) {
      if (!s.is_write) continue;
      if (s.reason.empty()) s.reason = order_of_write(s);
      s.is_burst = s.reason.empty();
    }
    for (MemorySite& s : plan_.sites) {
      if (!s.is_write) choose_channel(s);
    }
    return std::move(plan_);
  }

 private:
  void add(Instruction& i) {
    const StringRef name = intrinsics::name_of(i);
    const bool is_write = name.starts_with(intrinsics::kStore);
    if (!is_write && !name.starts_with(intrinsics::kLoad)) return;
    auto* call = cast<CallInst>(&i);
    MemorySite s{call, is_write, 0, 0, loops_.getLoopFor(call->getParent())};
    s.position = static_cast<unsigned>(cast<ConstantInt>(call->getArgOperand(0))->getZExtValue());
    const Type* t = is_write ? call->getArgOperand(2)->getType() : call->getType();
    s.shift = Log2_32(t->getIntegerBitWidth() / 8);
    plan_.sites.push_back(s);
  }

  /// Sets the extent of a burst, or returns why there is none.
  std::string find_burst(MemorySite& s) {
    Loop* l = s.loop;
    if (!l) return "it is in no loop that is left";
    const BasicBlock *exit = l->getExitingBlock(), *latch = l->getLoopLatch(), *here = s.call->getParent();
    if (!exit || !latch || !l->getLoopPreheader()) return "its loop has several ends";
    if (!dominators_.dominates(here, latch)) return "not every pass of its loop makes it";
    const SCEV* more = evolution_.getBackedgeTakenCount(l);
    if (isa<SCEVCouldNotCompute>(more)) return "the number of passes is not known before its loop";
    const auto* index = dyn_cast<SCEVAddRecExpr>(evolution_.getSCEV(s.call->getArgOperand(1)));
    if (!index || index->getLoop() != l || !index->isAffine()) return "its address does not advance with its loop";
    if (!index->getStepRecurrence(evolution_)->isOne()) return "its addresses do not follow one another";
    Type* i64 = Type::getInt64Ty(f_.getContext());
    const SCEV* words = evolution_.getTruncateOrZeroExtend(more, i64);
    const bool is_before_exit = dominators_.dominates(here, exit);
    if (is_before_exit) words = evolution_.getAddExpr(words, evolution_.getOne(i64));
    const Instruction* at = l->getLoopPreheader()->getTerminator();
    if (!expander_.isSafeToExpandAt(words, at) || !expander_.isSafeToExpandAt(index->getStart(), at))
      return "its extent cannot be computed before its loop";
    s.first = index->getStart();
    s.words = words;
    return "";
  }

  /// A burst reads ahead: what its loop writes to the same memory must lie behind it.
  std::string order_of_read(const MemorySite& s) {
    for (const MemorySite& w : plan_.sites) {
      if (!w.is_write || w.position != s.position || !contains(s.loop, w)) continue;
      const auto* index = dyn_cast<SCEVAddRecExpr>(evolution_.getSCEV(w.call->getArgOperand(1)));
      if (!index || index->getLoop() != s.loop || !index->isAffine() ||
          !index->getStepRecurrence(evolution_)->isOne()) {
        return "its loop writes to unknown places of the same memory";
      }
      const auto* ahead = dyn_cast<SCEVConstant>(evolution_.getMinusSCEV(index->getStart(), s.first));
      if (!ahead || ahead->getAPInt().isStrictlyPositive())
        return "its loop writes to the same memory what later passes may read";
    }
    return "";
  }

  /// All writes to a memory are one sequence, and a read in between waits for its end.
  std::string order_of_write(const MemorySite& s) {
    for (const MemorySite& o : plan_.sites) {
      if (&o == &s || o.position != s.position || !contains(s.loop, o)) continue;
      if (o.is_write) return "its loop writes to the same memory elsewhere, too";
      if (!o.is_burst || o.loop != s.loop) return "its loop reads the same memory";
    }
    return "";
  }

  /// Reads that are under way at the same time have channels of their own.
  void choose_channel(MemorySite& s) {
    std::set<unsigned> taken;
    for (const MemorySite& o : plan_.sites) {
      if (&o == &s) break;
      if (!o.is_write && o.position == s.position && overlap(s, o)) taken.insert(o.channel);
    }
    while (taken.count(s.channel)) s.channel++;
  }

  static bool overlap(const MemorySite& a, const MemorySite& b) {
    return (a.is_burst && contains(a.loop, b)) || (b.is_burst && contains(b.loop, a));
  }

  Function& f_;
  const DominatorTree& dominators_;
  LoopInfo& loops_;
  ScalarEvolution& evolution_;
  SCEVExpander expander_;
  MemoryPlan plan_;
};

}  // namespace

bool MemoryPlan::is_written(unsigned position) const {
  return any_of(sites, [&](const MemorySite& s) { return s.is_write && s.position == position; });
}

MemoryPlan plan_memory_accesses(Function& f, const DominatorTree& dominators, LoopInfo& loops,
                                ScalarEvolution& evolution) {
  return Planner(f, dominators, loops, evolution).run();
}

std::vector<std::string> describe(const MemoryPlan& plan) {
  std::vector<std::string> r;
  for (const MemorySite& s : plan.sites) {
    const SourceLocation at = location_of(s.call);
    const auto* number = dyn_cast_or_null<SCEVConstant>(s.words);
    const std::string burst = number ? fmt::format("burst of {} elements", number->getAPInt().getZExtValue())
                                     : "burst of as many elements as its loop has passes";
    r.push_back(fmt::format("{}:{}: {} '{}': {}", sys::path::filename(at.file).str(), at.line,
                            s.is_write ? "write to" : "read of", plan.names.at(s.position),
                            s.is_burst ? burst : "single elements, as " + s.reason));
  }
  return r;
}

}  // namespace sapulse::hlsc
