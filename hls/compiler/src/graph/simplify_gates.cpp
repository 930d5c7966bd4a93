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
  if (n.op == Op::Const) return constant(~n.value);
  if (n.op == Op::Not) return n.in[0];
  if (n.op == Op::Concat) {
    SmallVector<NodeId, 8> parts;
    const SmallVector<NodeId, 3> in = n.in;
    for (NodeId p : in) parts.push_back(inverse(p));
    return concat(parts);
  }
  return make(Op::Not, n.width, {i});
}

NodeId Graph::gate(Op op, ArrayRef<NodeId> ins) {
  const unsigned w = width(ins[0]);
  APInt k = op == Op::And ? APInt::getAllOnes(w) : APInt(w, 0);
  SmallVector<NodeId, 8> v;
  for (NodeId i : ins) {
    assert(width(i) == w);
    if (isConst(i)) {
      const APInt& c = nodes[i].value;
      k = op == Op::And ? k & c : op == Op::Or ? k | c : k ^ c;
    } else if (op == Op::Xor && nodes[i].op == Op::Not) {
      k = ~k;
      v.push_back(nodes[i].in[0]);
    } else {
      v.push_back(i);
    }
  }
  llvm::sort(v);
  if (op == Op::Xor) {  // x ^ x = 0
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
  if (v.empty() || (op == Op::And && k.isZero()) || (op == Op::Or && k.isAllOnes())) return constant(k);
  const bool neutral = op == Op::And ? k.isAllOnes() : k.isZero();
  if (v.size() == 1 && neutral) return v[0];
  if (op == Op::Xor && k.isAllOnes()) return inverse(v.size() == 1 ? v[0] : gate(op, v));
  SmallVector<NodeId, 8> all(v);
  if (!neutral) all.push_back(constant(k));
  const NodeId simpler = w == 1 ? gateOfBits(op, v) : gateBySegments(op, all);
  return simpler != kNoNode ? simpler : make(op, w, all);
}

/// Parts with a constant result become constants, parts with a single contribution become wiring.
NodeId Graph::gateBySegments(Op op, ArrayRef<NodeId> in) {
  const bool hasConst = llvm::any_of(in, [&](NodeId i) {
    return isConst(i) || (nodes[i].op == Op::Concat && llvm::any_of(nodes[i].in, [&](NodeId p) { return isConst(p); }));
  });
  if (!hasConst) return kNoNode;
  const std::vector<Segment> fine = segments(in);
  if (fine.size() == 1) return kNoNode;
  std::vector<Segment> merged;  // runs of parts that stay gates are kept together
  bool wiring = fine.size() <= kMaxWiringParts, lastOpen = false;
  unsigned open = 0, closed = 0;
  for (const Segment& s : fine) {
    unsigned contributions = 0;
    bool decided = false;
    for (NodeId i : in) {
      const NodeId part = isConst(i) || nodes[i].op == Op::Concat ? slice(i, s.lo, s.width) : kNoNode;
      if (part == kNoNode || !isConst(part)) {
        contributions++;
      } else {
        decided |= op == Op::And ? isZero(part) : op == Op::Or && isOnes(part);
      }
    }
    const bool isOpen = contributions != 0 && !decided;
    if (contributions > 1 && !decided) wiring = false;
    closed += !isOpen;
    open += isOpen && !lastOpen;
    if (isOpen && lastOpen) {
      merged.back().width += s.width;
    } else {
      merged.push_back(s);
    }
    lastOpen = isOpen;
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
NodeId Graph::gateOfBits(Op op, ArrayRef<NodeId> v) {
  if (op == Op::Xor) return kNoNode;
  for (NodeId i : v) {  // x & ~x
    if (nodes[i].op == Op::Not && llvm::is_contained(v, nodes[i].in[0])) return constant(1, op == Op::Or);
  }
  if (v.size() != 2) return kNoNode;
  const Op dual = op == Op::And ? Op::Or : Op::And;
  for (int side = 0; side < 2; side++) {
    const NodeId a = v[side], b = v[1 - side];
    if (nodes[b].op != dual) continue;
    const SmallVector<NodeId, 3> in = nodes[b].in;
    if (llvm::is_contained(in, a)) return a;  // a & (a | b) = a
    SmallVector<NodeId, 4> rest;              // a & (~a | b) = a & b
    for (NodeId x : in) {
      const bool inverseOfA =
          (nodes[x].op == Op::Not && nodes[x].in[0] == a) || (nodes[a].op == Op::Not && nodes[a].in[0] == x);
      if (!inverseOfA) rest.push_back(x);
    }
    if (rest.size() != in.size()) return gate(op, {a, rest.size() == 1 ? rest[0] : gate(dual, rest)});
  }
  const Node &a = nodes[v[0]], &b = nodes[v[1]];
  if (a.op != dual || b.op != dual || a.in.size() != 2 || b.in.size() != 2) return kNoNode;
  for (NodeId x : a.in) {  // (x & c) | (x & ~c) = x
    if (!llvm::is_contained(b.in, x)) continue;
    const NodeId p = a.in[0] == x ? a.in[1] : a.in[0], q = b.in[0] == x ? b.in[1] : b.in[0];
    if ((nodes[p].op == Op::Not && nodes[p].in[0] == q) || (nodes[q].op == Op::Not && nodes[q].in[0] == p)) return x;
  }
  return kNoNode;
}

NodeId Graph::mux(NodeId c, NodeId a, NodeId b) {
  assert(width(c) == 1 && width(a) == width(b));
  if (a == b) return a;
  if (isConst(c)) return isZero(c) ? b : a;
  if (nodes[c].op == Op::Not) return mux(nodes[c].in[0], b, a);
  for (auto rule : {&Graph::muxOfBits, &Graph::muxOfMuxes, &Graph::muxOfXor, &Graph::muxBySegments}) {
    if (NodeId r = (this->*rule)(c, a, b); r != kNoNode) return r;
  }
  return make(Op::Mux, width(a), {c, a, b});
}

NodeId Graph::muxOfBits(NodeId c, NodeId a, NodeId b) {
  if (width(a) != 1) return kNoNode;
  if (isConst(a) && isConst(b)) return isOnes(a) ? c : inverse(c);
  if (isOnes(a)) return disj(c, b);
  if (isZero(a)) return conj(inverse(c), b);
  if (isOnes(b)) return disj(inverse(c), a);
  if (isZero(b)) return conj(c, a);
  return kNoNode;
}

NodeId Graph::muxOfMuxes(NodeId c, NodeId a, NodeId b) {
  const bool muxA = nodes[a].op == Op::Mux, muxB = nodes[b].op == Op::Mux;
  const SmallVector<NodeId, 3> x = nodes[a].in, y = nodes[b].in;
  if (muxA && x[0] == c) return mux(c, x[1], b);
  if (muxB && y[0] == c) return mux(c, a, y[2]);
  if (muxB && y[1] == a) return mux(disj(c, y[0]), a, y[2]);
  if (muxB && y[2] == a) return mux(disj(c, inverse(y[0])), a, y[1]);
  if (muxA && x[2] == b) return mux(conj(c, x[0]), x[1], b);
  if (muxA && x[1] == b) return mux(conj(c, inverse(x[0])), x[2], b);
  return kNoNode;
}

/// c ? p ^ x : p  =  p ^ (c ? x : 0), which keeps accumulations flat.
NodeId Graph::muxOfXor(NodeId c, NodeId a, NodeId b) {
  for (bool swapped : {false, true}) {
    const NodeId p = swapped ? a : b, q = swapped ? b : a;
    if (nodes[q].op != Op::Xor) continue;
    SmallVector<NodeId, 8> rest(nodes[q].in.begin(), nodes[q].in.end());
    auto* it = llvm::find(rest, p);
    if (it == rest.end()) continue;
    rest.erase(it);
    const NodeId x = rest.size() == 1 ? rest[0] : gate(Op::Xor, rest), none = zero(width(a));
    return parity(p, swapped ? mux(c, none, x) : mux(c, x, none));
  }
  return kNoNode;
}

/// Equal parts pass by.
NodeId Graph::muxBySegments(NodeId c, NodeId a, NodeId b) {
  if (width(a) == 1 || (nodes[a].op != Op::Concat && nodes[b].op != Op::Concat)) return kNoNode;
  std::vector<Segment> merged;
  unsigned same = 0, different = 0;
  bool lastSame = true;
  for (const Segment& s : segments({a, b})) {
    const bool isSame = slice(a, s.lo, s.width) == slice(b, s.lo, s.width);
    same += isSame;
    if (!isSame && !lastSame) {
      merged.back().width += s.width;
    } else {
      merged.push_back(s);
      different += !isSame;
    }
    lastSame = isSame;
  }
  if (same == 0 || different > kMaxParts) return kNoNode;
  SmallVector<NodeId, 8> out;
  for (const Segment& s : merged) out.push_back(mux(c, slice(a, s.lo, s.width), slice(b, s.lo, s.width)));
  return concat(out);
}

}  // namespace sapulse::hlsc
