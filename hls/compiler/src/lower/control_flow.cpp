// SPDX-License-Identifier: Apache-2.0
#include "frontend/debug_types.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/InstIterator.h"
#include "lower/early_condition.h"
#include "lower/lower.h"
#include "lower/lowering.h"
#include "lower/memory_ports.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

bool before(const SourceLocation& a, const SourceLocation& b) {
  return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
}

}  // namespace

Lowering::Lowering(const Unit& unit, const std::vector<SubModule>& modules)
    : unit_(unit),
      f_(*unit.function),
      layout_(f_.getParent()->getDataLayout()),
      dominators_(f_),
      post_dominators_(f_),
      locations_(before) {
  g_.arguments = unit.arguments;
  g_.outputs = unit.outputs;
  g_.modules = modules;
}

Graph Lowering::run() {
  collect_names();
  ReversePostOrderTraversal<Function*> order(&f_);
  for (BasicBlock* b : order) {
    if (!isa<UnreachableInst>(b->getTerminator())) lower_block(b);
  }
  g_.current_name.clear();
  g_.current_location = -1;
  finish_streams();
  write_memories();
  share_memory_ports(g_, loads_);
  return std::move(g_);
}

void Lowering::collect_names() {
  for (Instruction& i : instructions(f_)) {
    for (DbgVariableRecord& d : filterDbgVars(i.getDbgRecordRange())) {
      if (!d.isDbgValue() || d.getNumVariableLocationOps() != 1) continue;
      const Value* v = d.getVariableLocationOp(0);
      const std::string name = identifier(d.getVariable()->getName());
      const DILocation* l = d.getDebugLoc().get();
      if (!v || isa<Constant>(v) || name.empty() || name == "this" || !l || is_hls_header(l->getFilename())) continue;
      names_.try_emplace(v, name);
    }
  }
}

void Lowering::set_context(const Instruction& i) {
  const auto name = names_.find(&i);
  g_.current_name = name == names_.end() ? "" : name->second;
  const SourceLocation l = location_of(&i);
  if (l.line == 0) {
    g_.current_location = -1;
    return;
  }
  const auto [it, isNew] = locations_.try_emplace(l, static_cast<int>(g_.locations.size()));
  if (isNew) g_.locations.push_back(l);
  g_.current_location = it->second;
}

void Lowering::lower_block(BasicBlock* b) {
  set_context(*b->getTerminator());
  g_.current_name.clear();
  compute_condition(b);
  for (Instruction& i : *b) lower_instruction(i);
}

BasicBlock* Lowering::immediate_dominator(BasicBlock* b) const { return dominators_.getNode(b)->getIDom()->getBlock(); }

void Lowering::compute_condition(BasicBlock* b) {
  if (b == &f_.getEntryBlock()) {
    conditions_[b] = g_.constant(1, 1);
    return;
  }
  BasicBlock* d = immediate_dominator(b);
  if (post_dominators_.dominates(b, d)) {
    conditions_[b] = g_.constant(1, 1);
    return;
  }
  NodeId any = g_.constant(1, 0);
  SmallPtrSet<BasicBlock*, 4> seen;
  for (BasicBlock* p : predecessors(b)) {
    if (seen.insert(p).second) any = g_.disj(any, g_.conj(relative_condition(p, d), edge_condition(p, b)));
  }
  conditions_[b] = any;
}

NodeId Lowering::relative_condition(BasicBlock* b, BasicBlock* dominator) {
  NodeId r = g_.constant(1, 1);
  for (; b != dominator; b = immediate_dominator(b)) r = g_.conj(conditions_[b], r);
  return r;
}

NodeId Lowering::condition(BasicBlock* b) { return relative_condition(b, &f_.getEntryBlock()); }

NodeId Lowering::edge_condition(BasicBlock* from, BasicBlock* to) {
  Instruction* t = from->getTerminator();
  if (auto* s = dyn_cast<SwitchInst>(t)) return switch_condition(s, to);
  auto* b = dyn_cast<BranchInst>(t);
  if (!b) fail(t, "internal error: control flow");
  if (b->isUnconditional() || b->getSuccessor(0) == b->getSuccessor(1)) return g_.constant(1, 1);
  const NodeId c = value(b->getCondition());
  return b->getSuccessor(0) == to ? c : g_.inverse(c);
}

NodeId Lowering::switch_condition(SwitchInst* s, BasicBlock* to) {
  const NodeId selector = value(s->getCondition());
  NodeId hit = g_.constant(1, 0), any = g_.constant(1, 0);
  for (auto& k : s->cases()) {
    const NodeId e = g_.equal(selector, g_.constant(k.getCaseValue()->getValue()));
    any = g_.disj(any, e);
    if (k.getCaseSuccessor() == to) hit = g_.disj(hit, e);
  }
  if (s->getDefaultDest() != to || isa<UnreachableInst>(to->getTerminator())) return hit;
  return g_.disj(hit, g_.inverse(any));
}

NodeId Lowering::phi(PHINode* p) {
  BasicBlock* b = p->getParent();
  BasicBlock* d = immediate_dominator(b);
  std::vector<std::pair<NodeId, NodeId>> alternatives;  // value, condition
  SmallPtrSet<BasicBlock*, 4> seen;
  for (unsigned i = 0; i < p->getNumIncomingValues(); i++) {
    BasicBlock* from = p->getIncomingBlock(i);
    if (!seen.insert(from).second || isa<UndefValue>(p->getIncomingValue(i))) continue;
    const NodeId v = value(p->getIncomingValue(i));
    const NodeId c = g_.conj(relative_condition(from, d), edge_condition(from, b));
    bool known = false;
    for (auto& [other, when] : alternatives) {
      if (other != v) continue;
      when = g_.disj(when, c);
      known = true;
    }
    if (!known) alternatives.push_back({v, c});
  }
  if (alternatives.empty()) return g_.zero(p->getType()->getIntegerBitWidth());
  // The first needs no condition: one that stage 0 does not know, if it is the only one.
  EarlyCondition early(g_);
  const auto late = [&](const auto& a) { return early.is_late(a.second); };
  if (llvm::count_if(alternatives, late) == 1) std::iter_swap(alternatives.begin(), llvm::find_if(alternatives, late));
  NodeId r = alternatives[0].first;
  for (std::size_t i = 1; i < alternatives.size(); i++) r = g_.mux(alternatives[i].second, alternatives[i].first, r);
  return r;
}

Graph lower(const Unit& unit, const std::vector<SubModule>& modules) { return Lowering(unit, modules).run(); }

}  // namespace sapulse::hlsc
