// SPDX-License-Identifier: Apache-2.0
// Simplifying constructors of inverters, gates and multiplexers.
#include <algorithm>
#include <cassert>

#include "graph/graph.h"
#include "llvm/ADT/STLExtras.h"

namespace sapulse::hlsc {

namespace {

/// More parts than this are not worth being cut apart.
constexpr unsigned kMaxParts = 16;
constexpr unsigned kMaxWiringParts = 300;

}  // namespace

NodeId Graph::inverse(NodeId i) {
  const Node& n = nodes[i];
  if (n.op == Op::constant) return constant(~n.value);
  if (n.op == Op::bit_not) return n.in[0];
  if (n.op == Op::concat) {
    SmallVector<NodeId, 8> parts;
    const SmallVector<NodeId, 3> in = n.in;
    for (NodeId p : in) parts.push_back(inverse(p));
    return concat(parts);
  }
  return make(Op::bit_not, n.width, {i});
}

NodeId Graph::gate(Op op, ArrayRef<NodeId> ins) {
  const unsigned w = width(ins[0]);
  APInt k = op == Op::bit_and ? APInt::getAllOnes(w) : APInt(w, 0);
  SmallVector<NodeId, 8> v;
  for (NodeId i : ins) {
    assert(width(i) == w);
    if (is_const(i)) {
      const APInt& c = nodes[i].value;
      k = op == Op::bit_and ? k & c : op == Op::bit_or ? k | c : k ^ c;
    } else if (op == Op::bit_xor && nodes[i].op == Op::bit_not) {
      k = ~k;
      v.push_back(nodes[i].in[0]);
    } else {
      v.push_back(i);
    }
  }
  llvm::sort(v);
  if (op == Op::bit_xor) {  // x ^ x = 0
    SmallVector<NodeId, 8> odd;
    for (NodeId i : v) {
      if (!odd.empty() && odd.back() == i) {
        odd.pop_back();
      } else {
        odd.push_back(i);
      }
    }
    v = odd;
  } else {
    v.erase(std::unique(v.begin(), v.end()), v.end());
  }
  if (v.empty() || (op == Op::bit_and && k.isZero()) || (op == Op::bit_or && k.isAllOnes())) return constant(k);
  const bool neutral = op == Op::bit_and ? k.isAllOnes() : k.isZero();
  if (v.size() == 1 && neutral) return v[0];
  if (op == Op::bit_xor && k.isAllOnes()) return inverse(v.size() == 1 ? v[0] : gate(op, v));
  SmallVector<NodeId, 8> all(v);
  if (!neutral) all.push_back(constant(k));
  const NodeId simpler = w == 1 ? gate_of_bits(op, v) : gate_by_segments(op, all);
  return simpler != kNoNode ? simpler : make(op, w, all);
}

/// Parts with a constant result become constants, parts with a single contribution become wiring.
NodeId Graph::gate_by_segments(Op op, ArrayRef<NodeId> in) {
  const bool has_const = llvm::any_of(in, [&](NodeId i) {
    return is_const(i) ||
           (nodes[i].op == Op::concat && llvm::any_of(nodes[i].in, [&](NodeId p) { return is_const(p); }));
  });
  if (!has_const) return kNoNode;
  const std::vector<Segment> fine = segments(in);
  if (fine.size() == 1) return kNoNode;
  std::vector<Segment> merged;  // runs of parts that stay gates are kept together
  bool wiring = fine.size() <= kMaxWiringParts, last_open = false;
  unsigned open = 0, closed = 0;
  for (const Segment& s : fine) {
    unsigned contributions = 0;
    bool decided = false;
    for (NodeId i : in) {
      const NodeId part = is_const(i) || nodes[i].op == Op::concat ? slice(i, s.lo, s.width) : kNoNode;
      if (part == kNoNode || !is_const(part)) {
        contributions++;
      } else {
        decided |= op == Op::bit_and ? is_zero(part) : op == Op::bit_or && is_ones(part);
      }
    }
    const bool is_open = contributions != 0 && !decided;
    if (contributions > 1 && !decided) wiring = false;
    closed += !is_open;
    open += is_open && !last_open;
    if (is_open && last_open) {
      merged.back().width += s.width;
    } else {
      merged.push_back(s);
    }
    last_open = is_open;
  }
  if (!wiring && (closed == 0 || open > kMaxParts)) return kNoNode;
  SmallVector<NodeId, 8> out;
  for (const Segment& s : wiring ? fine : merged) {
    SmallVector<NodeId, 8> part;
    for (NodeId i : in) part.push_back(slice(i, s.lo, s.width));
    out.push_back(gate(op, part));
  }
  return concat(out);
}

/// Boolean identities on single bits.
NodeId Graph::gate_of_bits(Op op, ArrayRef<NodeId> v) {
  if (op == Op::bit_xor) return kNoNode;
  for (NodeId i : v) {  // x & ~x
    if (nodes[i].op == Op::bit_not && llvm::is_contained(v, nodes[i].in[0])) return constant(1, op == Op::bit_or);
  }
  if (v.size() != 2) return kNoNode;
  const Op dual = op == Op::bit_and ? Op::bit_or : Op::bit_and;
  for (int side = 0; side < 2; side++) {
    const NodeId a = v[side], b = v[1 - side];
    if (nodes[b].op != dual) continue;
    const SmallVector<NodeId, 3> in = nodes[b].in;
    if (llvm::is_contained(in, a)) return a;  // a & (a | b) = a
    SmallVector<NodeId, 4> rest;              // a & (~a | b) = a & b
    for (NodeId x : in) {
      const bool inverse_of_a =
          (nodes[x].op == Op::bit_not && nodes[x].in[0] == a) || (nodes[a].op == Op::bit_not && nodes[a].in[0] == x);
      if (!inverse_of_a) rest.push_back(x);
    }
    if (rest.size() != in.size()) return gate(op, {a, rest.size() == 1 ? rest[0] : gate(dual, rest)});
  }
  const Node &a = nodes[v[0]], &b = nodes[v[1]];
  if (a.op != dual || b.op != dual || a.in.size() != 2 || b.in.size() != 2) return kNoNode;
  for (NodeId x : a.in) {  // (x & c) | (x & ~c) = x
    if (!llvm::is_contained(b.in, x)) continue;
    const NodeId p = a.in[0] == x ? a.in[1] : a.in[0], q = b.in[0] == x ? b.in[1] : b.in[0];
    if ((nodes[p].op == Op::bit_not && nodes[p].in[0] == q) || (nodes[q].op == Op::bit_not && nodes[q].in[0] == p))
      return x;
  }
  return kNoNode;
}

NodeId Graph::mux(NodeId c, NodeId a, NodeId b) {
  assert(width(c) == 1 && width(a) == width(b));
  if (a == b) return a;
  if (is_const(c)) return is_zero(c) ? b : a;
  if (nodes[c].op == Op::bit_not) return mux(nodes[c].in[0], b, a);
  for (auto rule : {&Graph::mux_of_bits, &Graph::mux_of_muxes, &Graph::mux_of_xor, &Graph::mux_by_segments}) {
    if (NodeId r = (this->*rule)(c, a, b); r != kNoNode) return r;
  }
  return make(Op::mux, width(a), {c, a, b});
}

NodeId Graph::mux_of_bits(NodeId c, NodeId a, NodeId b) {
  if (width(a) != 1) return kNoNode;
  if (is_const(a) && is_const(b)) return is_ones(a) ? c : inverse(c);
  if (is_ones(a)) return disj(c, b);
  if (is_zero(a)) return conj(inverse(c), b);
  if (is_ones(b)) return disj(inverse(c), a);
  if (is_zero(b)) return conj(c, a);
  return kNoNode;
}

NodeId Graph::mux_of_muxes(NodeId c, NodeId a, NodeId b) {
  const bool mux_a = nodes[a].op == Op::mux, mux_b = nodes[b].op == Op::mux;
  const SmallVector<NodeId, 3> x = nodes[a].in, y = nodes[b].in;
  if (mux_a && x[0] == c) return mux(c, x[1], b);
  if (mux_b && y[0] == c) return mux(c, a, y[2]);
  if (mux_b && y[1] == a) return mux(disj(c, y[0]), a, y[2]);
  if (mux_b && y[2] == a) return mux(disj(c, inverse(y[0])), a, y[1]);
  if (mux_a && x[2] == b) return mux(conj(c, x[0]), x[1], b);
  if (mux_a && x[1] == b) return mux(conj(c, inverse(x[0])), x[2], b);
  return kNoNode;
}

/// c ? p ^ x : p  =  p ^ (c ? x : 0), which keeps accumulations flat.
NodeId Graph::mux_of_xor(NodeId c, NodeId a, NodeId b) {
  for (bool swapped : {false, true}) {
    const NodeId p = swapped ? a : b, q = swapped ? b : a;
    if (nodes[q].op != Op::bit_xor) continue;
    SmallVector<NodeId, 8> rest(nodes[q].in.begin(), nodes[q].in.end());
    auto* it = llvm::find(rest, p);
    if (it == rest.end()) continue;
    rest.erase(it);
    const NodeId x = rest.size() == 1 ? rest[0] : gate(Op::bit_xor, rest), none = zero(width(a));
    return parity(p, swapped ? mux(c, none, x) : mux(c, x, none));
  }
  return kNoNode;
}

/// Equal parts pass by.
NodeId Graph::mux_by_segments(NodeId c, NodeId a, NodeId b) {
  if (width(a) == 1 || (nodes[a].op != Op::concat && nodes[b].op != Op::concat)) return kNoNode;
  std::vector<Segment> merged;
  unsigned same = 0, different = 0;
  bool last_same = true;
  for (const Segment& s : segments({a, b})) {
    const bool is_same = slice(a, s.lo, s.width) == slice(b, s.lo, s.width);
    same += is_same;
    if (!is_same && !last_same) {
      merged.back().width += s.width;
    } else {
      merged.push_back(s);
      different += !is_same;
    }
    last_same = is_same;
  }
  if (same == 0 || different > kMaxParts) return kNoNode;
  SmallVector<NodeId, 8> out;
  for (const Segment& s : merged) out.push_back(mux(c, slice(a, s.lo, s.width), slice(b, s.lo, s.width)));
  return concat(out);
}

}  // namespace sapulse::hlsc
