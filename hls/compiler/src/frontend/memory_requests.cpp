// SPDX-License-Identifier: Apache-2.0
// hls.load and hls.store become words of streams. A loop that goes through a memory element by element asks for all of
// them in front of it; every other access asks for one element. A read of one element ends the step of the state
// machine, as the answer takes time. Reads of a memory that is also written wait until all writes before them have been
// answered; different parameters are taken as different memories.
#include "fmt/format.h"
#include "frontend/intrinsics.h"
#include "frontend/memory_plan.h"
#include "frontend/memory_steps.h"
#include "frontend/steps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

namespace sapulse::hlsc {

using namespace llvm;
using intrinsics::Effect;

namespace {

constexpr const char kStepMark[] = "hls.step";

/// The places of a kernel that make requests to the memories.
class Requests {
 public:
  Requests(Unit& unit, const DominatorTree& dominators, LoopInfo& loops, ScalarEvolution& evolution)
      : unit_(unit), m_(*unit.function->getParent()), loops_(loops),
        expander_(evolution, unit.function->getDataLayout(), "request") {
    plan_ = plan_memory_accesses(*unit.function, dominators, loops, evolution);
  }

  void run() {
    unit_.memory_accesses = describe(plan_);
    for (const MemorySite& s : plan_.sites) count_requests(s);
    // Reads first: what a loop reads ahead is asked for before its writes begin.
    for (MemorySite& s : plan_.sites) {
      if (!s.is_write) replace_read(s);
    }
    for (MemorySite& s : plan_.sites) {
      if (s.is_write) replace_write(s);
    }
    if (unit_.surroundings.is_called) start_and_end();
  }

 private:
  // ---- streams

  const Channel& channel(const MemorySite& s, bool is_write) {
    const std::string name =
        is_write ? plan_.names.at(s.position) + "_write"
                 : fmt::format("{}_read{}", plan_.names.at(s.position), s.channel ? std::to_string(s.channel) : "");
    for (const Channel& c : unit_.channels) {
      if (c.name == name) return c;
    }
    return unit_.channels.emplace_back(Channel{s.position, s.shift, is_write, name});
  }

  Value* marker(const std::string& stream) {
    IRBuilder<> b(m_.getContext());
    auto* g = cast<GlobalVariable>(m_.getOrInsertGlobal(intrinsics::kStream + stream, b.getInt8Ty()));
    g->setConstant(true);
    return g;
  }

  CallInst* read(IRBuilder<>& b, const std::string& stream, unsigned width) {
    Type* t = b.getIntNTy(width);
    return b.CreateCall(intrinsics::declare(m_, intrinsics::kRead + intrinsics::type_suffix(t),
                                            FunctionType::get(t, {b.getPtrTy()}, false), Effect::ordered),
                        {marker(stream)});
  }

  CallInst* write(IRBuilder<>& b, const std::string& stream, Value* word) {
    return b.CreateCall(
        intrinsics::declare(m_, intrinsics::kWrite + intrinsics::type_suffix(word->getType()),
                            FunctionType::get(b.getVoidTy(), {b.getPtrTy(), word->getType()}, false), Effect::ordered),
        {marker(stream), word});
  }

  // ---- requests

  /// Requests to write, among them to finish, that one step might make twice.
  void count_requests(const MemorySite& s) {
    const Loop* at = loops_.getLoopFor(s.is_burst ? s.loop->getLoopPreheader() : s.call->getParent());
    if (s.is_write || plan_.is_written(s.position)) requests_[{s.position, at}]++;
  }

  /// @param words i64; null: a request to finish
  void ask_to_write(IRBuilder<>& b, const Channel& c, Value* words, Value* first, const Loop* loop) {
    const unsigned bits = index_bits(c.shift);
    Type* t = b.getIntNTy(2 * bits + 1);
    Value* word = words ? packed(b, t, words, first, bits) : ConstantInt::get(t, APInt::getOneBitSet(2 * bits + 1, 2 * bits));
    CallInst* call = write(b, c.name + "_request", word);
    if (requests_[{c.position, loop}] > 1) begin_step_at(call);
  }

  static Value* packed(IRBuilder<>& b, Type* t, Value* words, Value* first, unsigned bits) {
    Type* index = b.getIntNTy(bits);
    Value* low = b.CreateZExt(b.CreateTrunc(first, index), t);
    return b.CreateOr(b.CreateShl(b.CreateZExt(b.CreateTrunc(words, index), t), bits), low);
  }

  /// Waits until all writes before have been answered.
  void finish_writes(IRBuilder<>& b, const Channel& c, const Loop* loop) {
    ask_to_write(b, c, nullptr, nullptr, loop);
    begin_step_at(read(b, c.name + "_finished", 1));
  }

  void replace_read(const MemorySite& s) {
    Instruction* at = s.is_burst ? s.loop->getLoopPreheader()->getTerminator() : s.call;
    IRBuilder<> b(at);
    b.SetCurrentDebugLocation(s.call->getDebugLoc());
    const Channel c = channel(s, false);
    if (plan_.is_written(s.position)) finish_writes(b, channel(s, true), loops_.getLoopFor(at->getParent()));
    const auto [words, first] = extent(b, s, at);
    const unsigned bits = index_bits(c.shift);
    write(b, c.name + "_request", packed(b, b.getIntNTy(2 * bits), words, first, bits));
    b.SetInsertPoint(s.call);
    CallInst* data = read(b, c.name + "_data", 8U << c.shift);
    if (!s.is_burst) begin_step_at(data);
    s.call->replaceAllUsesWith(data);
    s.call->eraseFromParent();
  }

  void replace_write(const MemorySite& s) {
    Instruction* at = s.is_burst ? s.loop->getLoopPreheader()->getTerminator() : s.call;
    IRBuilder<> b(at);
    b.SetCurrentDebugLocation(s.call->getDebugLoc());
    const Channel c = channel(s, true);
    const auto [words, first] = extent(b, s, at);
    ask_to_write(b, c, words, first, loops_.getLoopFor(at->getParent()));
    b.SetInsertPoint(s.call);
    const unsigned bits = 8U << c.shift, bytes = 1U << c.shift;
    Type* t = b.getIntNTy(bits + bytes);
    Value* strobes = b.CreateShl(b.CreateZExt(s.call->getArgOperand(3), t), bits);
    write(b, c.name + "_data", b.CreateOr(strobes, b.CreateZExt(s.call->getArgOperand(2), t)));
    s.call->eraseFromParent();
  }

  /// Number of elements and the first one, as i64.
  std::pair<Value*, Value*> extent(IRBuilder<>& b, const MemorySite& s, Instruction* at) {
    if (!s.is_burst) return {b.getInt64(1), s.call->getArgOperand(1)};
    return {expander_.expandCodeFor(s.words, b.getInt64Ty(), at), expander_.expandCodeFor(s.first, b.getInt64Ty(), at)};
  }

  // ---- calls

  void start_and_end() {
    BasicBlock& first = unit_.function->getEntryBlock();
    IRBuilder<> entry(&*first.getFirstNonPHIOrDbgOrAlloca());
    const std::vector<Stream> call = streams_of_call(kCallName);
    read(entry, call[0].name, 1);
    IRBuilder<> exit(exit_of(unit_));
    std::vector<Channel> written;
    for (const Channel& c : unit_.channels) {
      if (c.is_write) written.push_back(c);
    }
    for (const Channel& c : written) {
      requests_[{c.position, nullptr}]++;
      ask_to_write(exit, c, nullptr, nullptr, nullptr);
    }
    for (const Channel& c : written) {
      CallInst* finished = read(exit, c.name + "_finished", 1);
      if (&c == &written.front()) begin_step_at(finished);
    }
    write(exit, call[1].name, exit.getTrue());
  }

  Unit& unit_;
  Module& m_;
  LoopInfo& loops_;
  SCEVExpander expander_;
  MemoryPlan plan_;
  std::map<std::pair<unsigned, const Loop*>, int> requests_;  ///< to write: by memory, and by what is around them
};

}  // namespace

void begin_step_at(CallInst* call) { call->setMetadata(kStepMark, MDNode::get(call->getContext(), {})); }
bool begins_step(const Instruction& i) { return i.hasMetadata() && i.getMetadata(kStepMark); }

void lower_memory_requests(Unit& unit, PassRunner& passes) {
  const Surroundings& around = unit.surroundings;
  if (around.memories.empty() && !around.is_called) return;
  Function& f = *unit.function;
  passes.on_function(f, [](FunctionPassManager& p) { p.addPass(LoopSimplifyPass()); });
  passes.with_loops(f, [&](const DominatorTree& dominators, LoopInfo& loops, ScalarEvolution& evolution) {
    Requests(unit, dominators, loops, evolution).run();
  });
}

}  // namespace sapulse::hlsc
