// SPDX-License-Identifier: Apache-2.0
// Which bits of which value have to be kept in pipeline registers.
#include <algorithm>

#include "emit/emitter.h"

namespace sapulse::hlsc {

/// The copy of a value that is there in a stage.
int Emitter::copy(NodeId i, int st) const {
  const int until = schedule_.held_until[i];
  return st <= until ? 0 : (st - until - 1) / schedule_.interval + 1;
}

/// The first stage in which a copy, from 1 on, is there.
int Emitter::first_stage(NodeId i, int copy) const {
  return schedule_.held_until[i] + 1 + (copy - 1) * schedule_.interval;
}

void Emitter::need(NodeId i, const APInt& bits, int st, std::vector<std::vector<APInt>>& needed) const {
  if (bits.isZero()) return;
  const Node& n = g_[i];
  switch (n.op) {
    case Op::constant:
    case Op::argument:
      return;
    case Op::slice:
      need(n.in[0], bits.zext(g_.width(n.in[0])).shl(n.lo), st, needed);
      return;
    case Op::concat: {
      unsigned offset = 0;
      for (NodeId k : n.in) {
        need(k, bits.extractBits(g_.width(k), offset), st, needed);
        offset += g_.width(k);
      }
      return;
    }
    default: {
      if (st < stage(i)) fail(g_.location(i), "internal error: '" + name_[i] + "' is used before it is made");
      const int last = copy(i, st);
      while (static_cast<int>(needed[i].size()) <= last) needed[i].emplace_back(n.width, 0);
      for (int k = 0; k <= last; k++) needed[i][k] |= bits;
    }
  }
}

APInt Emitter::demand_of_operand(NodeId user, unsigned operand) const {
  const Node& n = g_[user];
  const bool bitwise = n.is_gate() || n.op == Op::bit_not || (n.op == Op::mux && operand > 0);
  return bitwise ? demand_[user] : APInt::getAllOnes(g_.width(n.in[operand]));
}

void Emitter::compute_windows() {
  std::vector<std::vector<APInt>> needed(g_.nodes.size());
  for (NodeId i = 0; i < g_.size(); i++) {
    if (!is_emitted(i)) continue;
    for (unsigned k = 0; k < g_[i].in.size(); k++) need(g_[i].in[k], demand_of_operand(i, k), input_stage(i), needed);
  }
  windows_.resize(g_.nodes.size());
  count_.pipeline.assign(static_cast<std::size_t>(schedule_.last_stage) + 1, 0);
  for (NodeId i = 0; i < g_.size(); i++) {
    for (std::size_t d = 0; d < needed[i].size(); d++) {
      const APInt& bits = needed[i][d];
      windows_[i].push_back(bits.isZero() ? Window{} : Window{bits.countr_zero(), bits.getActiveBits()});
      if (d > 0) count_.pipeline[first_stage(i, static_cast<int>(d))] += bits.popcount();
    }
  }
  for (const Register& r : g_.registers) count_.state += r.width;
  for (const ScalarPort& p : g_.outputs) count_.state += p.width + 1;
}

}  // namespace sapulse::hlsc
