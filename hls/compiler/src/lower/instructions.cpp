// SPDX-License-Identifier: Apache-2.0
#include "frontend/intrinsics.h"
#include "llvm/ADT/StringExtras.h"
#include "lower/lowering.h"

namespace sapulse::hlsc {

using namespace llvm;

NodeId Lowering::value(Value* v) {
  if (auto* c = dyn_cast<ConstantInt>(v)) return g_.constant(c->getValue());
  // Uninitialised variables are hls.undef.*; what LLVM itself leaves undefined is padding or unreachable.
  if (isa<UndefValue>(v) && v->getType()->isIntegerTy()) return g_.zero(v->getType()->getIntegerBitWidth());
  if (auto it = values_.find(v); it != values_.end()) return it->second;
  if (auto* i = dyn_cast<Instruction>(v)) fail(i, "internal error: a pointer or an aggregate as a value");
  fail("unsupported constant or parameter used as a value");
}

void Lowering::lower_instruction(Instruction& i) {
  if (isa<GetElementPtrInst>(i) || i.isTerminator()) return;
  set_context(i);
  if (auto* c = dyn_cast<CallInst>(&i)) return call(c);
  if (auto* s = dyn_cast<StoreInst>(&i)) return store(s);
  if (auto* a = dyn_cast<AllocaInst>(&i)) return local_variable(a);
  if (!i.getType()->isIntegerTy()) {
    fail(&i, i.getType()->isPointerTy() ? "pointers cannot be used as values; name streams and arrays directly"
                                        : "unsupported type");
  }
  if (auto* l = dyn_cast<LoadInst>(&i)) return load(l);
  const NodeId r = isa<PHINode>(i) ? phi(cast<PHINode>(&i)) : arithmetic(i);
  values_[&i] = r;
  if (const auto name = names_.find(&i); name != names_.end() && !g_[r].is_wire()) g_[r].name = name->second;
}

/// A variable that is still in memory: a stream, whose uses are refused, or one that a pointer is taken of.
void Lowering::local_variable(AllocaInst* a) {
  for (User* u : a->users()) {
    auto* c = dyn_cast<CallInst>(u);
    const StringRef name = c ? intrinsics::name_of(*c) : StringRef();
    if (name.starts_with(intrinsics::kRead) || name == intrinsics::kEmpty) stream(a, true, 0, c);
    if (name.starts_with(intrinsics::kWrite) || name == intrinsics::kFull) stream(a, false, 0, c);
  }
  fail(a, "local variable that cannot be kept in registers");
}

NodeId Lowering::arithmetic(Instruction& i) {
  const unsigned w = i.getType()->getIntegerBitWidth();
  switch (i.getOpcode()) {
    case Instruction::Add:
      return g_.add(operand(i, 0), operand(i, 1));
    case Instruction::Sub:
      return g_.sub(operand(i, 0), operand(i, 1));
    case Instruction::Mul:
      return g_.mul(operand(i, 0), operand(i, 1));
    case Instruction::And:
      return g_.conj(operand(i, 0), operand(i, 1));
    case Instruction::Or:
      return g_.disj(operand(i, 0), operand(i, 1));
    case Instruction::Xor:
      return g_.parity(operand(i, 0), operand(i, 1));
    case Instruction::Shl:
      return g_.shift_left(operand(i, 0), operand(i, 1));
    case Instruction::LShr:
      return g_.shift_right(operand(i, 0), operand(i, 1), false);
    case Instruction::AShr:
      return g_.shift_right(operand(i, 0), operand(i, 1), true);
    case Instruction::Trunc:
    case Instruction::ZExt:
      return g_.zext(operand(i, 0), w);
    case Instruction::SExt:
      return g_.sext(operand(i, 0), w);
    case Instruction::Freeze:
      return operand(i, 0);
    case Instruction::Select:
      return g_.mux(operand(i, 0), operand(i, 1), operand(i, 2));
    case Instruction::ICmp:
      return compare(cast<ICmpInst>(i));
    case Instruction::UDiv:
    case Instruction::SDiv:
    case Instruction::URem:
    case Instruction::SRem:
      fail(&i, "division is not supported (unless by a constant power of two)");
    default:
      fail(&i, std::string("unsupported operation '") + i.getOpcodeName() + "'");
  }
}

NodeId Lowering::compare(ICmpInst& i) {
  if (!i.getOperand(0)->getType()->isIntegerTy()) fail(&i, "pointers cannot be used as values");
  const NodeId a = operand(i, 0), b = operand(i, 1);
  switch (i.getPredicate()) {
    case CmpInst::ICMP_EQ:
      return g_.equal(a, b);
    case CmpInst::ICMP_NE:
      return g_.inverse(g_.equal(a, b));
    case CmpInst::ICMP_ULT:
      return g_.uless(a, b);
    case CmpInst::ICMP_UGT:
      return g_.uless(b, a);
    case CmpInst::ICMP_ULE:
      return g_.inverse(g_.uless(b, a));
    case CmpInst::ICMP_UGE:
      return g_.inverse(g_.uless(a, b));
    case CmpInst::ICMP_SLT:
      return g_.sless(a, b);
    case CmpInst::ICMP_SGT:
      return g_.sless(b, a);
    case CmpInst::ICMP_SLE:
      return g_.inverse(g_.sless(b, a));
    case CmpInst::ICMP_SGE:
      return g_.inverse(g_.sless(a, b));
    default:
      fail(&i, "internal error: comparison");
  }
}

void Lowering::call(CallInst* c) {
  const StringRef name = intrinsics::name_of(*c);
  if (!name.empty()) return hls_call(c, name);
  llvm_intrinsic(c);
}

void Lowering::hls_call(CallInst* c, StringRef name) {
  auto arg = [&](unsigned i) { return value(c->getArgOperand(i)); };
  auto number = [&](unsigned i) { return static_cast<int>(cast<ConstantInt>(c->getArgOperand(i))->getZExtValue()); };
  const unsigned w = c->getType()->isIntegerTy() ? c->getType()->getIntegerBitWidth() : 0;
  if (name.starts_with(intrinsics::kRead)) {
    values_[c] = read(c);
  } else if (name.starts_with(intrinsics::kWrite)) {
    const NodeId data = arg(1);
    writes_[stream(c->getArgOperand(0), false, g_.width(data), c)].push_back({condition(c->getParent()), data, c});
  } else if (name == intrinsics::kEmpty) {
    values_[c] = empty(c);
  } else if (name == intrinsics::kFull) {
    values_[c] = full(c);
  } else if (name == intrinsics::kAssert) {
    assertion(c);
  } else if (name.starts_with(intrinsics::kGet) || name.starts_with(intrinsics::kSet)) {
    auto* variable = cast<GlobalVariable>(c->getArgOperand(0));
    Type* type = w ? c->getType() : c->getArgOperand(2)->getType();
    const int r = register_of(variable, static_cast<std::uint64_t>(number(1)), type);
    g_.current_name = g_.registers[r].name;
    if (w) {
      values_[c] = g_.make(Op::state, w, {}, 0, r);
    } else {
      g_.sink(Op::state_next, {arg(2)}, r);
    }
  } else if (name.starts_with(intrinsics::kArgument)) {
    g_.current_name = g_.arguments[number(0)].name;
    values_[c] = g_.make(unit_.is_module ? Op::operand : Op::argument, w, {}, 0, number(0));
  } else if (name.starts_with(intrinsics::kPort)) {
    g_.sink(Op::port, {g_.conj(condition(c->getParent()), arg(2)), arg(1)}, number(0));
  } else if (name.starts_with(intrinsics::kUndef)) {
    const UninitialisedVariable& v = unit_.uninitialised[number(0)];
    const NodeId u = g_.make(Op::undef, w, {}, 0, number(0));
    g_[u].name = v.name;
    if (v.location.line) {
      g_[u].location = static_cast<int>(g_.locations.size());
      g_.locations.push_back(v.location);
    }
    values_[c] = u;
  } else if (name.starts_with(intrinsics::kResult)) {
    g_.sink(Op::result, {arg(0)}, -1);
  } else {
    const auto m = llvm::find_if(g_.modules, [&](const SubModule& x) { return x.callee == name; });
    if (m == g_.modules.end()) fail(c, "internal error: unknown module function");
    SmallVector<NodeId, 8> in;
    for (unsigned i = 0; i < c->arg_size(); i++) in.push_back(arg(i));
    if (g_.current_name.empty()) g_.current_name = m->callee.substr(std::string(intrinsics::kCall).size());
    values_[c] = g_.make(Op::call, w, in, 0, static_cast<int>(m - g_.modules.begin()));
  }
}

void Lowering::assertion(CallInst* c) {
  const NodeId reached = condition(c->getParent()), holds = value(c->getArgOperand(0));
  g_.sink(Op::check, {g_.disj(g_.inverse(reached), holds)}, assertions_++);
}

void Lowering::llvm_intrinsic(CallInst* c) {
  auto arg = [&](unsigned i) { return value(c->getArgOperand(i)); };
  auto reversed = [&](NodeId a, unsigned unit) {
    SmallVector<NodeId, 16> parts;
    for (unsigned i = g_.width(a); i >= unit; i -= unit) parts.push_back(g_.slice(a, i - unit, unit));
    return g_.concat(parts);
  };
  auto choose = [&](bool is_less, bool is_signed) {
    const NodeId a = arg(0), b = arg(1), less = is_signed ? g_.sless(a, b) : g_.uless(a, b);
    return is_less ? g_.mux(less, a, b) : g_.mux(less, b, a);
  };
  switch (c->getIntrinsicID()) {
    case Intrinsic::assume:
    case Intrinsic::lifetime_start:
    case Intrinsic::lifetime_end:
    case Intrinsic::experimental_noalias_scope_decl:
    case Intrinsic::dbg_value:
    case Intrinsic::dbg_declare:
      return;
    case Intrinsic::ctpop:
      values_[c] = population_count(arg(0));
      return;
    case Intrinsic::ctlz:
      values_[c] = count_zeros(arg(0), true);
      return;
    case Intrinsic::cttz:
      values_[c] = count_zeros(arg(0), false);
      return;
    case Intrinsic::abs:
      values_[c] = absolute(arg(0));
      return;
    case Intrinsic::umin:
      values_[c] = choose(true, false);
      return;
    case Intrinsic::umax:
      values_[c] = choose(false, false);
      return;
    case Intrinsic::smin:
      values_[c] = choose(true, true);
      return;
    case Intrinsic::smax:
      values_[c] = choose(false, true);
      return;
    case Intrinsic::usub_sat: {
      const NodeId a = arg(0), b = arg(1);
      values_[c] = g_.mux(g_.uless(a, b), g_.zero(g_.width(a)), g_.sub(a, b));
      return;
    }
    case Intrinsic::uadd_sat: {
      const NodeId a = arg(0), b = arg(1);
      const unsigned w = g_.width(a);
      const NodeId sum = g_.add(g_.zext(a, w + 1), g_.zext(b, w + 1));
      values_[c] = g_.mux(g_.bit(sum, w), g_.constant(APInt::getAllOnes(w)), g_.slice(sum, 0, w));
      return;
    }
    case Intrinsic::bswap:
      values_[c] = reversed(arg(0), 8);
      return;
    case Intrinsic::bitreverse:
      values_[c] = reversed(arg(0), 1);
      return;
    case Intrinsic::fshl:
    case Intrinsic::fshr:
      values_[c] = funnel_shift(c);
      return;
    default:
      fail(c, "unsupported operation '" + c->getCalledFunction()->getName().str() + "'");
  }
}

NodeId Lowering::funnel_shift(CallInst* c) {
  const bool left = c->getIntrinsicID() == Intrinsic::fshl;
  const NodeId high = value(c->getArgOperand(0)), low = value(c->getArgOperand(1)), amount = value(c->getArgOperand(2));
  const unsigned w = g_.width(high);
  const NodeId both = g_.concat({low, high});
  if (g_.is_const(amount)) {
    const auto k = static_cast<unsigned>(g_[amount].value.urem(w));
    return g_.slice(both, left ? w - k : k, w);
  }
  if (!isPowerOf2_32(w)) fail(c, "internal error: variable rotation of an odd width");
  const NodeId k = g_.slice(amount, 0, Log2_32(w));
  return left ? g_.slice(g_.shift_left(both, k), w, w) : g_.slice(g_.shift_right(both, k, false), 0, w);
}

NodeId Lowering::population_count(NodeId a) {
  const unsigned w = g_.width(a);
  std::vector<NodeId> v;
  v.reserve(w);
  for (unsigned i = 0; i < w; i++) v.push_back(g_.zext(g_.bit(a, i), w));
  while (v.size() > 1) {
    std::vector<NodeId> next;
    for (std::size_t i = 0; i + 1 < v.size(); i += 2) next.push_back(g_.add(v[i], v[i + 1]));
    if (v.size() & 1) next.push_back(v.back());
    v = std::move(next);
  }
  return v[0];
}

/// Number of zeros before the first one; the width if there is none.
NodeId Lowering::count_zeros(NodeId a, bool leading) {
  const unsigned w = g_.width(a);
  NodeId r = g_.constant(APInt(w, w));
  for (unsigned i = w; i-- > 0;) r = g_.mux(g_.bit(a, leading ? w - 1 - i : i), g_.constant(w, i), r);
  return r;
}

NodeId Lowering::absolute(NodeId a) {
  const unsigned w = g_.width(a);
  return g_.mux(g_.bit(a, w - 1), g_.sub(g_.zero(w), a), a);
}

}  // namespace sapulse::hlsc
