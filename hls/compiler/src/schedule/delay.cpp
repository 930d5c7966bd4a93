// SPDX-License-Identifier: Apache-2.0
#include "schedule/delay.h"

#include <algorithm>

#include "llvm/ADT/STLExtras.h"

namespace sapulse::hlsc {

namespace delay {

int levelsFor(double megahertz) { return std::max(1, static_cast<int>((1000.0 / megahertz - kOverheadNs) / kLevelNs)); }

int romLevels(unsigned addressBits) {
  if (addressBits <= kLutInputs) return 1;
  return addressBits <= kWideMuxInputs ? 2 : static_cast<int>(addressBits - kLutInputs);
}

}  // namespace delay

void Timing::grow() {
  const std::size_t n = g_.nodes.size();
  const std::size_t old = base_.size();
  base_.resize(n, -1);
  bits_.resize(n);
  for (std::size_t i = old; i < n; i++) {
    const Node& node = g_.nodes[i];
    if (node.isWire() || node.isSink()) continue;
    base_[i] = static_cast<int>(owner_.size());
    owner_.resize(owner_.size() + node.width, static_cast<NodeId>(i));
    signals_.resize(owner_.size());
  }
  while (demand_.size() < n) demand_.push_back(APInt::getAllOnes(std::max(1U, g_.nodes[demand_.size()].width)));
}

int Timing::latency(NodeId i) const {
  const Node& n = g_[i];
  if (n.op == Op::RamRead) return g_.memories[n.aux].lutRam ? 0 : 1;
  return n.op == Op::Call ? g_.modules[n.aux].latency : 0;
}

const std::vector<int>& Timing::bits(NodeId value) {
  if (!bits_[value].empty()) return bits_[value];
  const Node& n = g_[value];
  std::vector<int> r;
  if (n.op == Op::Const) {
    r.assign(n.width, -1);
  } else if (n.op == Op::Concat) {
    for (NodeId k : n.in) {
      const std::vector<int>& part = bits(k);
      r.insert(r.end(), part.begin(), part.end());
    }
  } else if (n.op == Op::Slice) {
    const std::vector<int>& whole = bits(n.in[0]);
    r.assign(whole.begin() + n.lo, whole.begin() + n.lo + n.width);
  } else {
    for (unsigned b = 0; b < n.width; b++) r.push_back(base_[value] + static_cast<int>(b));
  }
  return bits_[value] = std::move(r);
}

std::vector<Timing::Signal> Timing::save(NodeId i) const {
  return {signals_.begin() + base_[i], signals_.begin() + base_[i] + g_[i].width};
}

void Timing::restore(NodeId i, const std::vector<Signal>& saved) {
  std::copy(saved.begin(), saved.end(), signals_.begin() + base_[i]);
}

bool Timing::isLeaf(Op op) {
  return op == Op::Input || op == Op::Empty || op == Op::Argument || op == Op::Operand || op == Op::State ||
         op == Op::Undef;
}

/// Values of earlier stages come out of registers.
Timing::Signal Timing::signalAt(int bit, int stage) const {
  const NodeId o = owner_[bit];
  if (!isLeaf(g_[o].op) && stage_[o] >= stage) return signals_[bit];
  Signal s;
  s.inputs = 1;
  s.cut[0] = bit;
  return s;
}

Timing::Cone Timing::coneAt(int bit, int stage) const {
  const Signal s = signalAt(bit, stage);
  // What is no LUT (a sum, a table, a module) can only be an input of the LUT behind it.
  const bool opaque = s.level > 0 && s.inputs == 1 && s.cut[0] == bit;
  return {s.level + (opaque ? 1 : 0), bit,
          SmallVector<int, delay::kLutInputs>(s.cut.begin(), s.cut.begin() + s.inputs)};
}

/// Adds the inputs of a LUT to another one, if they are not too many together.
bool Timing::merge(SmallVectorImpl<int>& into, ArrayRef<int> cut) {
  SmallVector<int, 12> r(into.begin(), into.end());
  for (int x : cut) {
    if (llvm::is_contained(r, x)) continue;
    r.push_back(x);
    if (r.size() > delay::kLutInputs) return false;
  }
  into.assign(r.begin(), r.end());
  return true;
}

/// An associative gate: level by level, operands that are ready are packed into as few LUTs as possible.
Timing::Signal Timing::packGate(std::vector<Cone> operands) {
  constexpr int kBinsTried = 8;
  Signal out;
  if (operands.empty()) return out;
  auto finish = [&](int level, ArrayRef<int> cut) {
    out.level = static_cast<std::uint8_t>(level);
    out.inputs = static_cast<std::uint8_t>(cut.size());
    std::copy(cut.begin(), cut.end(), out.cut.begin());
    return out;
  };
  if (operands.size() == 1) return finish(operands[0].level, operands[0].cut);
  int level = 255;
  for (const Cone& c : operands) level = std::min(level, std::max(1, c.level));
  for (;; level++) {
    std::vector<Cone> ready, later, bins;
    for (Cone& c : operands) (c.level <= level ? ready : later).push_back(std::move(c));
    auto inputs = [&](const Cone& c) { return c.level == level ? c.cut.size() : 1; };
    llvm::stable_sort(ready, [&](const Cone& a, const Cone& b) { return inputs(a) > inputs(b); });
    for (const Cone& c : ready) {
      SmallVector<int, delay::kLutInputs> cut{c.id};
      if (c.level == level || c.level == 0) cut = c.cut;
      bool placed = false;
      int tried = 0;
      for (auto bin = bins.rbegin(); bin != bins.rend() && tried < kBinsTried && !placed; ++bin, ++tried) {
        placed = merge(bin->cut, cut);
        if (placed) bin->id = anonymous_--;
      }
      if (!placed) bins.push_back({level, ready.size() == 1 && c.level == level ? c.id : anonymous_--, cut});
    }
    if (later.empty() && bins.size() == 1) return finish(level, bins[0].cut);
    operands = std::move(later);
    for (Cone& b : bins) operands.push_back(std::move(b));
  }
}

/// A function of a few bits that is not split.
Timing::Cone Timing::packFunction(ArrayRef<int> bits, int stage) {
  SmallVector<Cone, 4> operands;
  int level = 1;
  for (int b : bits) {
    if (b < 0) continue;
    operands.push_back(coneAt(b, stage));
    level = std::max(level, operands.back().level);
  }
  Cone r{level, -1, {}};
  bool fits = true;
  for (const Cone& c : operands) {
    fits = fits && (c.level == level || c.level == 0 ? merge(r.cut, c.cut) : merge(r.cut, {c.id}));
  }
  if (fits) return r;
  r.level++;
  r.cut.clear();
  for (const Cone& c : operands) r.cut.push_back(c.id);
  return r;
}

int Timing::put(int bit, const Cone& c) {
  Signal& s = signals_[bit];
  s.level = static_cast<std::uint8_t>(c.level);
  s.inputs = static_cast<std::uint8_t>(c.cut.size());
  std::copy(c.cut.begin(), c.cut.end(), s.cut.begin());
  return c.level;
}

int Timing::opaqueBit(int bit, int level) { return put(bit, {level, bit, {bit}}); }

int Timing::opaque(NodeId i, int level) {
  for (unsigned b = 0; b < g_[i].width; b++) opaqueBit(base_[i] + static_cast<int>(b), level);
  return level;
}

int Timing::levelOf(NodeId value, int stage) {
  int worst = 0;
  for (int b : bits(value)) {
    if (b >= 0) worst = std::max<int>(worst, signalAt(b, stage).level);
  }
  return worst;
}

int Timing::inputLevel(NodeId i, int stage) {
  int worst = 0;
  for (NodeId k : g_[i].in) worst = std::max(worst, levelOf(k, stage));
  return worst;
}

int Timing::evaluate(NodeId i, int stage) {
  const Node& n = g_[i];
  switch (n.op) {
    case Op::RamRead:
      if (g_.memories[n.aux].lutRam) return opaque(i, inputLevel(i, stage) + delay::kLutRamRead);
      return std::max(inputLevel(i, stage - 1), opaque(i, delay::kBlockRamOutput));
    case Op::Rom:
      return opaque(i, inputLevel(i, stage) + delay::romLevels(g_.width(n.in[0])));
    case Op::Call:
      return evaluateCall(i, stage);
    case Op::Not: {
      int worst = 0;
      const std::vector<int>& in = bits(n.in[0]);
      for (unsigned b = 0; b < n.width; b++)
        worst = std::max(worst, put(base_[i] + static_cast<int>(b), coneAt(in[b], stage)));
      return worst;
    }
    case Op::And:
    case Op::Or:
    case Op::Xor:
      return evaluateGate(i, stage);
    case Op::Mux:
      return evaluateMux(i, stage);
    case Op::Equal:
      return evaluateEqual(i, stage);
    case Op::Add:
    case Op::Sub:
      return evaluateSum(i, stage);
    case Op::ULess:
    case Op::SLess: {
      const auto w = static_cast<int>(g_.width(n.in[0]));
      const int chain = (w + delay::kCompareBitsPerLevel / 2) / delay::kCompareBitsPerLevel;
      return opaque(i, inputLevel(i, stage) + 1 + std::max<int>(chain, w > delay::kCompareBitsInALevel));
    }
    case Op::Mul:
      return opaque(i, inputLevel(i, stage) + delay::kMultiply);
    default:
      return opaque(i, 0);
  }
}

int Timing::evaluateGate(NodeId i, int stage) {
  const Node& n = g_[i];
  SmallVector<const std::vector<int>*, 8> in;
  for (NodeId k : n.in) bits(k);  // bits() may move the table
  for (NodeId k : n.in) in.push_back(&bits_[k]);
  int worst = 0;
  for (unsigned b = 0; b < n.width; b++) {
    std::vector<Cone> operands;
    if (demand_[i][b]) {
      for (const auto* v : in) {
        if ((*v)[b] >= 0) operands.push_back(coneAt((*v)[b], stage));
      }
    }
    const Signal s = packGate(std::move(operands));
    signals_[base_[i] + static_cast<int>(b)] = s;
    worst = std::max<int>(worst, s.level);
  }
  return worst;
}

int Timing::evaluateMux(NodeId i, int stage) {
  const Node& n = g_[i];
  for (NodeId k : n.in) bits(k);
  const int c = bits_[n.in[0]][0];
  const std::vector<int>&a = bits_[n.in[1]], &b = bits_[n.in[2]];
  int worst = 0;
  for (unsigned k = 0; k < n.width; k++) {
    if (demand_[i][k])
      worst = std::max(worst, put(base_[i] + static_cast<int>(k), packFunction({c, a[k], b[k]}, stage)));
  }
  return worst;
}

int Timing::evaluateEqual(NodeId i, int stage) {
  const Node& n = g_[i];
  for (NodeId k : n.in) bits(k);
  const std::vector<int>&a = bits_[n.in[0]], &b = bits_[n.in[1]];
  std::vector<Cone> operands;
  for (std::size_t k = 0; k < a.size(); k++) {
    if (a[k] < 0 && b[k] < 0) continue;
    operands.push_back(packFunction({a[k], b[k]}, stage));
    operands.back().id = anonymous_--;
  }
  signals_[base_[i]] = packGate(std::move(operands));
  return signals_[base_[i]].level;
}

int Timing::evaluateSum(NodeId i, int stage) {
  const Node& n = g_[i];
  for (NodeId k : n.in) bits(k);
  const std::vector<int>&a = bits_[n.in[0]], &b = bits_[n.in[1]];
  int carry = 0, worst = 0;
  SmallVector<int, delay::kLutInputs> below;  // the bits that bit k depends on
  for (unsigned k = 0; k < n.width; k++) {
    for (int bit : {a[k], b[k]}) {
      if (bit < 0) continue;
      carry = std::max<int>(carry, signalAt(bit, stage).level);
      if (!llvm::is_contained(below, bit)) below.push_back(bit);
    }
    if (below.size() <= delay::kLutInputs) {
      worst = std::max(worst, put(base_[i] + static_cast<int>(k), packFunction(below, stage)));
      continue;
    }
    const int chain =
        n.width <= 2 ? 0 : static_cast<int>(k + delay::kCarryBitsPerLevel / 2) / delay::kCarryBitsPerLevel;
    worst = std::max(worst, opaqueBit(base_[i] + static_cast<int>(k), carry + 1 + chain));
  }
  return worst;
}

int Timing::evaluateCall(NodeId i, int stage) {
  const SubModule& m = g_.modules[g_[i].aux];
  const int before = inputLevel(i, stage - m.latency) + m.inputLevels;
  return std::max(before, opaque(i, m.latency ? m.outputLevels : before));
}

}  // namespace sapulse::hlsc
