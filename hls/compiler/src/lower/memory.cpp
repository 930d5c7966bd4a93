// SPDX-License-Identifier: Apache-2.0
#include "frontend/debug_types.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/MathExtras.h"
#include "lower/exclusive.h"
#include "lower/lowering.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

/// Memories up to this depth become LUT RAM.
constexpr unsigned kMaxLutRamDepth = 64;

std::uint64_t element_size(Type* t, const DataLayout& dl) {
  while (auto* s = dyn_cast<StructType>(t)) {
    if (s->getNumElements() != 1) return 0;
    t = s->getElementType(0);
  }
  auto* a = dyn_cast<ArrayType>(t);
  return a ? dl.getTypeAllocSize(a->getElementType()).getFixedValue() : 0;
}

}  // namespace

Lowering::Address Lowering::address_of(Value* pointer, const Instruction* at) {
  Address a;
  a.base = pointer;
  while (auto* gep = dyn_cast<GEPOperator>(a.base)) {
    MapVector<Value*, APInt> variable;
    APInt constant(64, 0);
    if (!gep->collectOffset(layout_, 64, variable, constant)) fail(at, "internal error: unsupported address");
    a.offset += constant.getZExtValue();
    for (auto& [index, stride] : variable) {
      if (a.index) fail(at, "array access with two variable indices; use one index");
      a.index = index;
      a.stride = stride.getZExtValue();
    }
    a.base = gep->getPointerOperand();
  }
  return a;
}

Lowering::Element Lowering::element_of(const GlobalVariable* g, const Address& a, const Instruction* at) {
  const std::uint64_t size = layout_.getTypeAllocSize(g->getValueType());
  const std::uint64_t stride = a.stride ? a.stride : element_size(g->getValueType(), layout_);
  if (stride == 0 || size < stride) fail(at, "unsupported access to '" + name_of(*g) + "'");
  Element e{};
  e.depth = static_cast<unsigned>(size / stride);
  e.stride = stride;
  e.inner = a.offset % stride;
  const unsigned bits = std::max(1U, Log2_32_Ceil(e.depth));
  e.index = g_.constant(APInt(64, a.offset / stride).trunc(bits));
  if (a.index) e.index = g_.add(g_.zext(value(a.index), bits), e.index);
  return e;
}

int Lowering::memory(GlobalVariable* g, const Element& e, unsigned width, const Instruction* at) {
  const auto [it, isNew] = memories_.try_emplace({g, e.inner}, static_cast<int>(g_.memories.size()));
  const std::string name = name_of(*g);
  if (isNew) {
    if (!g->getInitializer()->isNullValue()) fail(location_of(*g), "memory '" + name + "' must start as all zeros");
    std::string part;
    if (const std::string full = part_name_of(*g, e.inner); full.size() > name.size()) {
      part = full.substr(name.size());
      if (part.starts_with("_0")) part = part.substr(2);  // the index of the element
    }
    g_.memories.push_back({name + part, width, e.depth, e.depth <= kMaxLutRamDepth, location_of(*g)});
  }
  const Memory& m = g_.memories[it->second];
  if (m.width != width || m.depth != e.depth) fail(at, "memory '" + name + "' is accessed with different widths");
  return it->second;
}

int Lowering::table(GlobalVariable* g, const Element& e, LoadInst* l) {
  const unsigned width = l->getType()->getIntegerBitWidth();
  const auto [it, isNew] = tables_.try_emplace({g, e.inner, width}, static_cast<int>(g_.tables.size()));
  if (!isNew) return it->second;
  Table t{name_of(*g), width, {}, g->hasAttribute(kBlockRam)};
  for (unsigned i = 0; i < e.depth; i++) {
    Constant* c =
        ConstantFoldLoadFromConst(g->getInitializer(), l->getType(), APInt(64, i * e.stride + e.inner), layout_);
    auto* word = dyn_cast_or_null<ConstantInt>(c);
    if (!word) fail(l, "constant table '" + t.name + "' is not integer data");
    t.words.push_back(word->getValue());
  }
  g_.tables.push_back(t);
  return it->second;
}

int Lowering::register_of(GlobalVariable* g, std::uint64_t offset, Type* type) {
  const auto [it, isNew] = registers_.try_emplace({g, offset}, static_cast<int>(g_.registers.size()));
  if (isNew) {
    const unsigned w = type->getIntegerBitWidth();
    Constant* c = ConstantFoldLoadFromConst(g->getInitializer(), type, APInt(64, offset), layout_);
    auto* initial = dyn_cast_or_null<ConstantInt>(c);
    g_.registers.push_back({part_name_of(*g, offset), w, initial ? initial->getValue() : APInt(w, 0)});
  }
  return it->second;
}

void Lowering::load(LoadInst* l) {
  const Address a = address_of(l->getPointerOperand(), l);
  auto* g = dyn_cast<GlobalVariable>(a.base);
  if (!g)
    fail(l, isa<AllocaInst>(a.base) ? "local variable that cannot be kept in registers"
                                    : "pointers cannot be used as values");
  const Element e = element_of(g, a, l);
  const unsigned w = l->getType()->getIntegerBitWidth();
  if (g->isConstant()) {
    values_[l] = g_.make(Op::rom, w, {e.index}, 0, table(g, e, l));
    return;
  }
  const int m = memory(g, e, w, l);
  NodeId v = g_.make(Op::ram_read, w, {e.index}, 0, m);
  const NodeId when = condition(l->getParent());
  const auto [known, is_new] = loads_.try_emplace(v, when);
  if (!is_new) known->second = g_.disj(known->second, when);
  for (const Store& s : stores_[m]) {  // earlier in this iteration
    v = g_.mux(g_.conj(s.condition, g_.equal(s.address, e.index)), s.data, v);
  }
  values_[l] = v;
}

void Lowering::store(StoreInst* s) {
  const Address a = address_of(s->getPointerOperand(), s);
  auto* g = dyn_cast<GlobalVariable>(a.base);
  if (!g || g->isConstant() || !s->getValueOperand()->getType()->isIntegerTy()) {
    fail(s, isa<AllocaInst>(a.base) ? "local variable that cannot be kept in registers"
                                    : "pointers cannot be used as values");
  }
  const Element e = element_of(g, a, s);
  const NodeId data = value(s->getValueOperand());
  const int m = memory(g, e, g_.width(data), s);
  stores_[m].push_back({condition(s->getParent()), e.index, data, s});
}

void Lowering::write_memories() {
  for (auto& [m, stores] : stores_) {
    if (stores.empty()) continue;
    NodeId any = stores[0].condition, address = stores[0].address, data = stores[0].data;
    for (std::size_t i = 1; i < stores.size(); i++) {
      const Store& s = stores[i];
      for (std::size_t k = 0; k < i; k++) {
        if (stores[k].address != s.address && !are_exclusive(g_, stores[k].condition, s.condition)) {
          fail(s.at, "memory '" + g_.memories[m].name + "' may be written twice in one iteration");
        }
      }
      address = g_.mux(s.condition, s.address, address);
      data = g_.mux(s.condition, s.data, data);
      any = g_.disj(any, s.condition);
    }
    g_.sink(Op::ram_write, {any, address, data}, m);
  }
}

}  // namespace sapulse::hlsc
