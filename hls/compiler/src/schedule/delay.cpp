// SPDX-License-Identifier: Apache-2.0
#include "schedule/delay.h"

#include <algorithm>

#include "llvm/ADT/STLExtras.h"

namespace sapulse::hlsc {

namespace delay {

int levels_for(double megahertz) {
  return std::max(1, static_cast<int>((1000.0 / megahertz - kOverheadNs) / kLevelNs));
}

int megahertz_for(int levels) { return static_cast<int>(1000.0 / (kOverheadNs + kLevelNs * levels)); }

int rom_levels(unsigned address_bits) {
  if (address_bits <= kLutInputs) return 1;
  return address_bits <= kWideMuxInputs ? 2 : static_cast<int>(address_bits - kLutInputs);
}

}  // namespace delay

void Timing::grow() {
  const std::size_t n = g_.nodes.size();
  const std::size_t old = base_.size();
  base_.resize(n, -1);
  bits_.resize(n);
  for (std::size_t i = old; i < n; i++) {
    const Node& node = g_.nodes[i];
    if (node.is_wire() || node.is_sink()) continue;
    base_[i] = static_cast<int>(owner_.size());
    owner_.resize(owner_.size() + node.width, static_cast<NodeId>(i));
    signals_.resize(owner_.size());
  }
  while (demand_.size() < n) demand_.push_back(APInt::getAllOnes(std::max(1U, g_.nodes[demand_.size()].width)));
}

const std::vector<int>& Timing::bits(NodeId value) {
  if (!bits_[value].empty()) return bits_[value];
  const Node& n = g_[value];
  std::vector<int> r;
  if (n.op == Op::constant) {
    r.assign(n.width, -1);
  } else if (n.op == Op::concat) {
    for (NodeId k : n.in) {
      const std::vector<int>& part = bits(k);
      r.insert(r.end(), part.begin(), part.end());
    }
  } else if (n.op == Op::slice) {
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
  return op == Op::input || op == Op::empty || op == Op::full || op == Op::argument || op == Op::operand ||
         op == Op::state || op == Op::undef;
}

/// Values of earlier stages come out of registers.
Timing::Signal Timing::signal_at(int bit, int stage) const {
  const NodeId o = owner_[bit];
  if (!isLeaf(g_[o].op) && stage_[o] >= stage) return signals_[bit];
  Signal s;
  s.inputs = 1;
  s.cut[0] = bit;
  return s;
}

Timing::Cone Timing::cone_at(int bit, int stage) const {
  const Signal s = signal_at(bit, stage);
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

/// An associative gate: level by level, operands that are ready are packed into as few LUTs as possible. Groups of
/// operands that share a LUT are appended to `groups`, which starts with one for each operand.
Timing::Signal Timing::pack_gate(std::vector<Cone> operands, Groups* groups) {
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
    Groups members;
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
        if (!placed) continue;
        bin->id = anonymous_--;
        if (groups) members[bins.rend() - bin - 1].push_back(c.item);
      }
      if (placed) continue;
      bins.push_back({level, ready.size() == 1 && c.level == level ? c.id : anonymous_--, cut, c.item});
      if (groups) members.push_back({c.item});
    }
    for (std::size_t k = 0; k < members.size(); k++) {
      if (members[k].size() == 1) continue;
      bins[k].item = static_cast<int>(groups->size());
      groups->push_back(std::move(members[k]));
    }
    if (later.empty() && bins.size() == 1) return finish(level, bins[0].cut);
    operands = std::move(later);
    for (Cone& b : bins) operands.push_back(std::move(b));
  }
}

/// A function of a few bits that is not split.
Timing::Cone Timing::pack_function(ArrayRef<int> bits, int stage) {
  SmallVector<Cone, 4> operands;
  int level = 1;
  for (int b : bits) {
    if (b < 0) continue;
    operands.push_back(cone_at(b, stage));
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

int Timing::opaque_bit(int bit, int level) { return put(bit, {level, bit, {bit}}); }

int Timing::opaque(NodeId i, int level) {
  for (unsigned b = 0; b < g_[i].width; b++) opaque_bit(base_[i] + static_cast<int>(b), level);
  return level;
}

int Timing::level_of(NodeId value, int stage) {
  int worst = 0;
  for (int b : bits(value)) {
    if (b >= 0) worst = std::max<int>(worst, signal_at(b, stage).level);
  }
  return worst;
}

int Timing::input_level(NodeId i, int stage) {
  int worst = 0;
  for (NodeId k : g_[i].in) worst = std::max(worst, level_of(k, stage));
  return worst;
}

int Timing::evaluate(NodeId i, int stage) {
  const Node& n = g_[i];
  switch (n.op) {
    case Op::ram_read:
      if (g_.memories[n.aux].lut_ram) return opaque(i, input_level(i, stage) + delay::kLutRamRead);
      return std::max(input_level(i, stage - 1), opaque(i, delay::kBlockRamOutput));
    case Op::rom:
      if (g_.tables[n.aux].block_ram) return std::max(input_level(i, stage - 1), opaque(i, delay::kBlockRamOutput));
      return opaque(i, input_level(i, stage) + delay::rom_levels(g_.width(n.in[0])));
    case Op::call:
      return evaluate_call(i, stage);
    case Op::bit_not: {
      int worst = 0;
      const std::vector<int>& in = bits(n.in[0]);
      for (unsigned b = 0; b < n.width; b++)
        worst = std::max(worst, put(base_[i] + static_cast<int>(b), cone_at(in[b], stage)));
      return worst;
    }
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor:
      return evaluate_gate(i, stage);
    case Op::mux:
      return evaluate_mux(i, stage);
    case Op::equal:
      return evaluate_equal(i, stage);
    case Op::add:
    case Op::sub:
      return evaluate_sum(i, stage);
    case Op::uless:
    case Op::sless: {
      const auto w = static_cast<int>(g_.width(n.in[0]));
      const int chain = (w + delay::kCompareBitsPerLevel / 2) / delay::kCompareBitsPerLevel;
      return opaque(i, input_level(i, stage) + 1 + std::max<int>(chain, w > delay::kCompareBitsInALevel));
    }
    case Op::mul:
      return opaque(i, input_level(i, stage) + delay::kMultiply);
    default:
      return opaque(i, 0);
  }
}

/// Of the operands that a bit depends on.
std::vector<Timing::Cone> Timing::cones_of_gate(NodeId i, unsigned bit, int stage) {
  std::vector<Cone> r;
  if (!demand_[i][bit]) return r;
  const Node& n = g_[i];
  for (std::size_t k = 0; k < n.in.size(); k++) {
    const int global = bits(n.in[k])[bit];
    if (global < 0) continue;
    r.push_back(cone_at(global, stage));
    r.back().item = static_cast<int>(k);
  }
  return r;
}

Timing::Groups Timing::grouping(NodeId gate) {
  const Node& n = g_[gate];
  auto cones = [&](unsigned bit) { return cones_of_gate(gate, bit, stage_[gate]); };
  unsigned deepest = 0;
  std::pair<int, std::size_t> most{0, 0};
  for (unsigned bit = 0; bit < n.width; bit++) {
    const std::pair<int, std::size_t> here{signals_[base_[gate] + static_cast<int>(bit)].level, cones(bit).size()};
    if (here <= most) continue;
    most = here;
    deepest = bit;
  }
  Groups r(n.in.size());
  pack_gate(cones(deepest), &r);
  r.erase(r.begin(), r.begin() + static_cast<std::ptrdiff_t>(n.in.size()));
  return r;
}

int Timing::evaluate_gate(NodeId i, int stage) {
  const Node& n = g_[i];
  int worst = 0;
  for (unsigned b = 0; b < n.width; b++) {
    const Signal s = pack_gate(cones_of_gate(i, b, stage));
    signals_[base_[i] + static_cast<int>(b)] = s;
    worst = std::max<int>(worst, s.level);
  }
  return worst;
}

int Timing::evaluate_mux(NodeId i, int stage) {
  const Node& n = g_[i];
  for (NodeId k : n.in) bits(k);
  const int c = bits_[n.in[0]][0];
  const std::vector<int>&a = bits_[n.in[1]], &b = bits_[n.in[2]];
  int worst = 0;
  for (unsigned k = 0; k < n.width; k++) {
    if (demand_[i][k])
      worst = std::max(worst, put(base_[i] + static_cast<int>(k), pack_function({c, a[k], b[k]}, stage)));
  }
  return worst;
}

int Timing::evaluate_equal(NodeId i, int stage) {
  const Node& n = g_[i];
  for (NodeId k : n.in) bits(k);
  const std::vector<int>&a = bits_[n.in[0]], &b = bits_[n.in[1]];
  std::vector<Cone> operands;
  for (std::size_t k = 0; k < a.size(); k++) {
    if (a[k] < 0 && b[k] < 0) continue;
    operands.push_back(pack_function({a[k], b[k]}, stage));
    operands.back().id = anonymous_--;
  }
  signals_[base_[i]] = pack_gate(std::move(operands));
  return signals_[base_[i]].level;
}

int Timing::evaluate_sum(NodeId i, int stage) {
  const Node& n = g_[i];
  for (NodeId k : n.in) bits(k);
  const std::vector<int>&a = bits_[n.in[0]], &b = bits_[n.in[1]];
  int carry = 0, worst = 0;
  SmallVector<int, delay::kLutInputs> below;  // the bits that bit k depends on
  for (unsigned k = 0; k < n.width; k++) {
    for (int bit : {a[k], b[k]}) {
      if (bit < 0) continue;
      carry = std::max<int>(carry, signal_at(bit, stage).level);
      if (!llvm::is_contained(below, bit)) below.push_back(bit);
    }
    if (below.size() <= delay::kLutInputs) {
      worst = std::max(worst, put(base_[i] + static_cast<int>(k), pack_function(below, stage)));
      continue;
    }
    const int chain =
        n.width <= 2 ? 0 : static_cast<int>(k + delay::kCarryBitsPerLevel / 2) / delay::kCarryBitsPerLevel;
    worst = std::max(worst, opaque_bit(base_[i] + static_cast<int>(k), carry + 1 + chain));
  }
  return worst;
}

int Timing::evaluate_call(NodeId i, int stage) {
  const SubModule& m = g_.modules[g_[i].aux];
  const int before = input_level(i, stage - m.latency) + m.input_levels;
  return std::max(before, opaque(i, m.latency ? m.output_levels : before));
}

}  // namespace sapulse::hlsc
