// SPDX-License-Identifier: Apache-2.0
// A loop that cannot be unrolled runs as steps of a state machine, one step each iteration of the pipeline: its back
// edges end a step, and the next one goes on at the head of the loop. What lives longer than a step is kept in static
// variables.
#include <set>

#include "fmt/format.h"
#include "frontend/debug_types.h"
#include "frontend/intrinsics.h"
#include "frontend/memory_steps.h"
#include "frontend/parameters.h"
#include "frontend/steps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Transforms/Utils/Local.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

using Edge = std::pair<BasicBlock*, BasicBlock*>;

/// Whether something happens that a step may do only once, or that a later step may depend on: a stream or a memory is
/// accessed.
bool has_access(const BasicBlock& b) {
  return any_of(b, [](const Instruction& i) {
    const auto* s = dyn_cast<StoreInst>(&i);
    const StringRef name = intrinsics::name_of(i);
    return (s && !isa<Constant>(s->getPointerOperand())) || name.starts_with(intrinsics::kRead) ||
           name.starts_with(intrinsics::kWrite);
  });
}

/// Where the code after a loop begins: empty blocks are passed.
BasicBlock* after(BasicBlock* exit) {
  BasicBlock* next = exit->getSingleSuccessor();
  while (next && next != exit && exit->getFirstNonPHIOrDbg() == exit->getTerminator()) {
    exit = next;
    next = exit->getSingleSuccessor();
  }
  return exit;
}

/// Finds the edges at which a step ends: back edges, and the other ways into a loop or out of it between accesses.
class Borders {
 public:
  /// @param marked blocks in front of which a step may end, too
  Borders(Function& f, const LoopInfo& loops, ArrayRef<BasicBlock*> marked) {
    borders_.insert(marked.begin(), marked.end());
    for (const Loop* l : loops.getLoopsInPreorder()) {
      borders_.insert(l->getHeader());
      SmallVector<BasicBlock*, 4> latches, exits;
      l->getLoopLatches(latches);
      l->getUniqueExitBlocks(exits);
      for (BasicBlock* latch : latches) back_.insert({latch, l->getHeader()});
      for (BasicBlock* exit : exits) borders_.insert(after(exit));
    }
    ReversePostOrderTraversal<Function*> order(&f);
    const SmallVector<BasicBlock*, 32> blocks(order.begin(), order.end());
    for (BasicBlock* b : reverse(blocks)) find_accesses_ahead(b);
    for (BasicBlock* b : blocks) find_ends(b);
  }

  /// By the block at which the next step goes on.
  const MapVector<BasicBlock*, SmallVector<BasicBlock*, 4>>& ends() const { return ends_; }

 private:
  void find_accesses_ahead(BasicBlock* b) {
    const bool later = any_of(successors(b), [&](BasicBlock* s) { return !back_.count({b, s}) && ahead_.count(s); });
    if (later || has_access(*b)) ahead_.insert(b);
  }

  void find_ends(BasicBlock* b) {
    bool accessed = has_access(*b);
    for (BasicBlock* p : SmallSetVector<BasicBlock*, 4>(pred_begin(b), pred_end(b))) {
      if (back_.count({p, b}) || (borders_.count(b) && accessed_.count(p) && ahead_.count(b))) {
        ends_[b].push_back(p);
      } else {
        accessed |= accessed_.count(p) != 0;
      }
    }
    if (accessed) accessed_.insert(b);
  }

  std::set<Edge> back_;
  std::set<BasicBlock*> borders_;   ///< where a step may end
  std::set<BasicBlock*> ahead_;     ///< accesses may follow before the next back edge
  std::set<BasicBlock*> accessed_;  ///< a step may have had an access when it leaves the block
  MapVector<BasicBlock*, SmallVector<BasicBlock*, 4>> ends_;
};

/// The blocks that begin with a call of begin_step_at().
std::vector<BasicBlock*> split_at_marks(Function& f) {
  std::vector<Instruction*> marks;
  for (Instruction& i : instructions(f)) {
    if (begins_step(i)) marks.push_back(&i);
  }
  std::vector<BasicBlock*> r;
  r.reserve(marks.size());
  for (Instruction* i : marks) r.push_back(i->getParent()->splitBasicBlock(i, "next_step"));
  return r;
}

/// A name for what keeps a value. With the suffix it is no mangled name of something else.
std::string name_for(const Value* v) {
  SmallVector<DbgVariableIntrinsic*, 1> intrinsics;
  SmallVector<DbgVariableRecord*, 1> records;
  findDbgUsers(intrinsics, const_cast<Value*>(v), &records);
  for (const DbgVariableRecord* r : records) {
    const DILocalVariable* variable = r->getVariable();
    if (!is_hls_header(variable->getFilename())) return variable->getName().str() + ".kept";
  }
  const auto extension = find_if(v->users(), [](const User* u) { return isa<ZExtInst>(u) || isa<SExtInst>(u); });
  return extension == v->user_end() ? "kept" : name_for(*extension);  // of a narrow counter
}

class Steps {
 public:
  /// @param f its entry does nothing but branch
  explicit Steps(Function& f) : f_(f), entry_(&f.getEntryBlock()) {}

  void split(const Borders& borders) {
    for (const auto& [target, _] : borders.ends()) {
      while (auto* phi = dyn_cast<PHINode>(&target->front())) keep(phi);
    }
    IntegerType* type = IntegerType::get(f_.getContext(), Log2_32_Ceil(borders.ends().size() + 1));
    step_ = variable("step", type);
    BasicBlock* start = separate_entry();
    for (Instruction& i : instructions(f_)) {
      if (isa<ReturnInst>(i)) IRBuilder<>(&i).CreateStore(ConstantInt::get(type, 0), step_);
    }
    IRBuilder<> b(entry_);
    SwitchInst* choice = b.CreateSwitch(b.CreateLoad(type, step_), start, borders.ends().size());
    for (const auto& [target, sources] : borders.ends()) {
      ConstantInt* number = ConstantInt::get(type, choice->getNumCases() + 1);
      choice->addCase(number, target);
      end_step(target, sources, number);
    }
    keep_what_is_used_later();
  }

 private:
  GlobalVariable* variable(const std::string& name, Type* type) {
    return new GlobalVariable(*f_.getParent(), type, false, GlobalValue::InternalLinkage, Constant::getNullValue(type),
                              name);
  }

  /// Leaves only what is the same in each step in the entry: arguments and uninitialised values. Returns the rest.
  BasicBlock* separate_entry() {
    BasicBlock* start = entry_->getSingleSuccessor();
    entry_->getTerminator()->eraseFromParent();
    for (Instruction& i : make_early_inc_range(instructions(f_))) {
      const StringRef name = intrinsics::name_of(i);
      if (name.starts_with(intrinsics::kArgument) || name.starts_with(intrinsics::kUndef))
        i.moveBefore(*entry_, entry_->end());
    }
    return start;
  }

  void end_step(BasicBlock* target, ArrayRef<BasicBlock*> sources, ConstantInt* number) {
    BasicBlock* end = BasicBlock::Create(f_.getContext(), "end_of_step", &f_);
    IRBuilder<> b(end);
    b.CreateStore(number, step_);
    Type* result = f_.getReturnType();  // for the IR's sake: write_result() has taken it away
    result->isVoidTy() ? b.CreateRetVoid() : b.CreateRet(Constant::getNullValue(result));
    for (BasicBlock* source : sources) source->getTerminator()->replaceSuccessorWith(target, end);
  }

  void keep_what_is_used_later() {
    for (bool changed = true; changed;) {
      changed = false;
      const DominatorTree dominators(f_);
      std::vector<Instruction*> all;
      for (Instruction& i : instructions(f_)) all.push_back(&i);
      for (Instruction* i : all) {
        SmallVector<Use*, 8> late;
        for (Use& u : i->uses()) {
          if (!dominators.dominates(i, u)) late.push_back(&u);
        }
        if (late.empty()) continue;
        changed = true;
        if (isa<GetElementPtrInst>(i)) {
          for (Use* u : late) repeat_before(i, *u);
        } else {
          keep(i);
        }
      }
    }
  }

  /// An address is computed anew; what it is computed from is kept.
  static void repeat_before(const Instruction* address, Use& use) {
    auto* user = cast<Instruction>(use.getUser());
    if (isa<PHINode>(user)) fail(user, "pointers cannot be used as values; name streams and arrays directly");
    Instruction* copy = address->clone();
    copy->insertBefore(user);
    use.set(copy);
  }

  /// Moves a value into a static variable.
  void keep(Instruction* i) {
    const std::string name = name_for(i);
    auto* phi = dyn_cast<PHINode>(i);
    AllocaInst* slot = phi ? DemotePHIToStack(phi, entry_->begin()) : DemoteRegToStack(*i, false, entry_->begin());
    if (!slot) return;
    slot->replaceAllUsesWith(variable(name, slot->getAllocatedType()));
    slot->eraseFromParent();
  }

  Function& f_;
  BasicBlock* entry_;
  GlobalVariable* step_ = nullptr;
};

}  // namespace

namespace {

/// Whether an access is to the same stream in each pass; the address may be computed within the loop.
bool is_same_stream(const Loop& loop, const Value* stream) {
  stream = stream->stripInBoundsConstantOffsets();
  if (loop.isLoopInvariant(stream)) return true;
  const auto* gep = dyn_cast<GetElementPtrInst>(stream);
  const auto is_same = [&](const Value* v) {
    const auto* extended = dyn_cast<CastInst>(v);
    return loop.isLoopInvariant(v) || (extended && loop.isLoopInvariant(extended->getOperand(0)));
  };
  return gep && is_same_stream(loop, gep->getPointerOperand()) && all_of(gep->indices(), is_same);
}

}  // namespace

bool is_sequential(const Loop& loop, const DominatorTree& dominators) {
  const auto is_memory_access = [](const Instruction& i) {
    const StringRef name = intrinsics::name_of(i);
    return name.starts_with(intrinsics::kLoad) || name.starts_with(intrinsics::kStore);
  };
  if (any_of(loop.blocks(), [&](const BasicBlock* b) { return any_of(*b, is_memory_access); })) return true;
  const BasicBlock* latch = loop.getLoopLatch();
  return latch && any_of(loop.blocks(), [&](const BasicBlock* b) {
           return dominators.dominates(b, latch) && any_of(*b, [&](const Instruction& i) {
                    const StringRef name = intrinsics::name_of(i);
                    return (name.starts_with(intrinsics::kRead) || name.starts_with(intrinsics::kWrite)) &&
                           is_same_stream(loop, i.getOperand(0));
                  });
         });
}

void split_at_loops(Unit& kernel) {
  Function& f = *kernel.function;
  for (Instruction& i : instructions(f)) {
    if (isa<AllocaInst>(i)) fail(&i, "local variable that cannot be kept in registers");
  }
  f.getEntryBlock().splitBasicBlock(f.getEntryBlock().begin(), "start");
  const std::vector<BasicBlock*> marked = split_at_marks(f);
  const DominatorTree dominators(f);
  const LoopInfo loops(dominators);
  for (const Loop* l : loops.getLoopsInPreorder()) {
    kernel.notes.push_back(
        fmt::format("{}: note: the loop is not unrolled: each pass takes an iteration of the pipeline",
                    location_of(l->getStartLoc().get()).text()));
  }
  Steps(f).split(Borders(f, loops, marked));
  kernel.has_steps = true;
}

}  // namespace sapulse::hlsc
