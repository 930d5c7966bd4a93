// SPDX-License-Identifier: Apache-2.0
// Simplifying constructors of arithmetic, comparisons and shifts.
#include <algorithm>

#include "graph/graph.h"

namespace sapulse::hlsc {

namespace {

/// A multiplication by a constant with at most so many ones becomes additions.
constexpr unsigned kMaxShiftAdds = 4;

}  // namespace

NodeId Graph::add(NodeId a, NodeId b) {
  const unsigned w = width(a);
  if (is_const(a) && is_const(b)) return constant(nodes[a].value + nodes[b].value);
  if (is_zero(a)) return b;
  if (is_zero(b)) return a;
  const unsigned sum = std::max(active_width(a), active_width(b)) + 1;
  if (sum < w) return zext(add(slice(a, 0, sum), slice(b, 0, sum)), w);
  for (auto [x, y] : {std::pair(a, b), std::pair(b, a)}) {  // low bits that only one operand has
    const unsigned low = std::min(trailing_zeros(x), w - 1);
    if (low) return concat({slice(y, 0, low), add(slice(x, low, w - low), slice(y, low, w - low))});
  }
  if (a > b) std::swap(a, b);
  return make(Op::add, w, {a, b});
}

NodeId Graph::sub(NodeId a, NodeId b) {
  const unsigned w = width(a);
  if (is_const(a) && is_const(b)) return constant(nodes[a].value - nodes[b].value);
  if (is_zero(b)) return a;
  if (a == b) return zero(w);
  if (is_const(b)) return add(a, constant(-nodes[b].value));
  return make(Op::sub, w, {a, b});
}

NodeId Graph::mul(NodeId a, NodeId b) {
  const unsigned w = width(a);
  if (is_const(a) && is_const(b)) return constant(nodes[a].value * nodes[b].value);
  if (is_const(a)) std::swap(a, b);
  if (is_zero(b)) return b;
  if (is_const(b) && nodes[b].value.popcount() <= kMaxShiftAdds) {
    const APInt factor = nodes[b].value;
    NodeId sum = kNoNode;
    for (unsigned s = 0; s < w; s++) {
      if (!factor[s]) continue;
      const NodeId shifted = s ? concat({zero(s), slice(a, 0, w - s)}) : a;
      sum = sum == kNoNode ? shifted : add(sum, shifted);
    }
    return sum;
  }
  const unsigned product = active_width(a) + active_width(b);
  if (product == 0) return zero(w);
  if (product < w) return zext(mul(slice(a, 0, product), slice(b, 0, product)), w);
  return make(Op::mul, w, {a, b});
}

NodeId Graph::equal(NodeId a, NodeId b) {
  if (a == b) return constant(1, 1);
  if (is_const(a)) std::swap(a, b);
  if (is_const(a)) return constant(1, nodes[a].value == nodes[b].value);
  if (width(a) == 1) {
    if (is_const(b)) return is_zero(b) ? inverse(a) : a;
    return inverse(parity(a, b));
  }
  if (NodeId r = equal_by_segments(a, b); r != kNoNode) return r;
  return make(Op::equal, 1, {a, b});
}

/// Drops equal parts; parts with different constants decide.
NodeId Graph::equal_by_segments(NodeId a, NodeId b) {
  if (nodes[a].op != Op::concat && nodes[b].op != Op::concat) return kNoNode;
  SmallVector<NodeId, 8> x, y;
  bool dropped = false;
  for (const Segment& s : segments({a, b})) {
    const NodeId p = slice(a, s.lo, s.width), q = slice(b, s.lo, s.width);
    if (p == q) {
      dropped = true;
      continue;
    }
    if (is_const(p) && is_const(q)) return constant(1, 0);
    x.push_back(p);
    y.push_back(q);
  }
  return dropped ? equal(concat(x), concat(y)) : kNoNode;
}

/// Whether a sum x - k is 0 or 1: how LLVM writes that x is k or k + 1. Two comparisons are shallower than a carry
/// chain.
NodeId Graph::is_one_of_two(NodeId sum) {
  if (nodes[sum].op != Op::add) return kNoNode;
  NodeId x = nodes[sum].in[0], offset = nodes[sum].in[1];
  if (is_const(x)) std::swap(x, offset);
  if (!is_const(offset)) return kNoNode;
  const APInt k = -nodes[offset].value;
  return disj(equal(x, constant(k)), equal(x, constant(k + 1)));
}

NodeId Graph::uless(NodeId a, NodeId b) {
  if (a == b || is_zero(b)) return constant(1, 0);
  if (is_const(a) && is_const(b)) return constant(1, nodes[a].value.ult(nodes[b].value));
  const unsigned w = width(a);
  if (is_zero(a)) return inverse(equal(b, a));
  const unsigned active = std::max(active_width(a), active_width(b));
  if (active < w) return uless(slice(a, 0, active), slice(b, 0, active));
  if (is_const(b) && nodes[b].value == 2) {
    if (NodeId r = is_one_of_two(a); r != kNoNode) return r;
  }
  // where b ends in zeros the low bits of a cannot decide
  const unsigned low = trailing_zeros(b);
  if (low && low < w) return uless(slice(a, low, w - low), slice(b, low, w - low));
  if (is_const(b) && nodes[b].value.isOne()) return equal(a, zero(w));
  if (is_const(a)) {
    const APInt next = nodes[a].value + 1;  // 2**n - 1 < b  =  b has a bit at or above n
    if (next.isPowerOf2()) {
      const unsigned n = next.logBase2();
      return inverse(equal(slice(b, n, w - n), zero(w - n)));
    }
  }
  return make(Op::uless, 1, {a, b});
}

NodeId Graph::sless(NodeId a, NodeId b) {
  if (a == b) return constant(1, 0);
  if (is_const(a) && is_const(b)) return constant(1, nodes[a].value.slt(nodes[b].value));
  const unsigned w = width(a);
  if (is_zero(b)) return bit(a, w - 1);
  if (is_ones(a)) return inverse(bit(b, w - 1));
  if (active_width(a) < w && active_width(b) < w) return uless(a, b);
  return make(Op::sless, 1, {a, b});
}

// Variable shifts become one multiplexer per bit of the amount: two of them fit a LUT6, and the scheduler can put
// registers between them.

NodeId Graph::shift_left(NodeId a, NodeId amount) {
  const unsigned w = width(a);
  for (unsigned k = 0; k < active_width(amount); k++) {
    const NodeId far = k < 31 && (1U << k) < w ? concat({zero(1U << k), slice(a, 0, w - (1U << k))}) : zero(w);
    a = mux(bit(amount, k), far, a);
  }
  return a;
}

NodeId Graph::shift_right(NodeId a, NodeId amount, bool arithmetic) {
  const unsigned w = width(a);
  const NodeId sign = bit(a, w - 1);
  for (unsigned k = 0; k < active_width(amount); k++) {
    const unsigned distance = k < 31 ? std::min(1U << k, w) : w;
    const NodeId filling = arithmetic ? sext(sign, distance) : zero(distance);
    const NodeId far = distance < w ? concat({slice(a, distance, w - distance), filling}) : filling;
    a = mux(bit(amount, k), far, a);
  }
  return a;
}

}  // namespace sapulse::hlsc
