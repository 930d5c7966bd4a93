// SPDX-License-Identifier: Apache-2.0
#include "graph/graph.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <set>

#include "llvm/ADT/SmallString.h"

namespace sapulse::hlsc {

const char* op_name(Op op) {
  static constexpr std::array<const char*, 33> kNames = {
      "const", "undef", "input", "empty", "full",   "argument", "operand", "state", "ram",  "rom",  "call",
      "not",   "and",   "or",    "xor",   "sum",    "diff",     "prod",    "eq",    "lt",   "slt",  "mux",
      "slice", "cat",   "next",  "write", "output", "read",     "result",  "check", "port", "wait", ""};
  return kNames[static_cast<std::size_t>(op)];
}

std::string literal(const APInt& v) {
  llvm::SmallString<64> digits;
  v.toString(digits, 16, false, false);
  for (char& c : digits) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::to_string(v.getBitWidth()) + "'h" + digits.str().str();
}

int Graph::latency(NodeId i) const {
  const Node& n = nodes[i];
  if (n.op == Op::ram_read) return memories[n.aux].lut_ram ? 0 : 1;
  if (n.op == Op::rom) return tables[n.aux].block_ram ? 1 : 0;
  return n.op == Op::call ? modules[n.aux].latency : 0;
}

void Graph::take_declarations(const Graph& other) {
  streams = other.streams;
  registers = other.registers;
  memories = other.memories;
  tables = other.tables;
  arguments = other.arguments;
  outputs = other.outputs;
  modules = other.modules;
  locations = other.locations;
}

NodeId Graph::make(Op op, unsigned width, ArrayRef<NodeId> in, unsigned lo, int aux, const APInt* value) {
  std::string key;
  auto put = [&](std::uint32_t x) { key.append(reinterpret_cast<const char*>(&x), sizeof x); };
  put(static_cast<std::uint32_t>(op));
  put(width);
  put(lo);
  put(static_cast<std::uint32_t>(aux));
  for (NodeId i : in) put(static_cast<std::uint32_t>(i));
  if (value)
    key.append(reinterpret_cast<const char*>(value->getRawData()), value->getNumWords() * sizeof(std::uint64_t));
  auto [it, isNew] = unique_.try_emplace(std::move(key), size());
  if (isNew) {
    Node n;
    n.op = op;
    n.width = width;
    n.in.assign(in.begin(), in.end());
    n.lo = lo;
    n.aux = aux;
    if (value) n.value = *value;
    n.name = current_name;
    n.location = current_location;
    nodes.push_back(std::move(n));
  }
  return it->second;
}

NodeId Graph::sink(Op op, ArrayRef<NodeId> in, int aux) {
  Node n;
  n.op = op;
  n.in.assign(in.begin(), in.end());
  n.aux = aux;
  n.location = current_location;
  nodes.push_back(std::move(n));
  sinks.push_back(size() - 1);
  return size() - 1;
}

SmallVector<Piece, 8> Graph::pieces(NodeId i) const {
  SmallVector<Piece, 8> r;
  if (nodes[i].op != Op::concat) {
    r.push_back({i, nodes[i].width});
    return r;
  }
  for (NodeId p : nodes[i].in) r.push_back({p, nodes[p].width});
  return r;
}

unsigned Graph::active_width(NodeId i) const {
  const Node& n = nodes[i];
  if (n.op == Op::constant) return n.value.getActiveBits();
  if (n.op != Op::concat) return n.width;
  unsigned w = n.width;
  for (auto it = n.in.rbegin(); it != n.in.rend(); ++it) {
    if (!is_const(*it)) return w;
    w -= nodes[*it].width;
    if (unsigned active = nodes[*it].value.getActiveBits()) return w + active;
  }
  return 0;
}

unsigned Graph::trailing_zeros(NodeId i) const {
  const Piece first = pieces(i)[0];
  return is_const(first.id) ? std::min(nodes[first.id].value.countr_zero(), first.width) : 0;
}

std::vector<Segment> Graph::segments(ArrayRef<NodeId> values) const {
  std::set<unsigned> cuts{0, width(values[0])};
  for (NodeId v : values) {
    unsigned offset = 0;
    for (const Piece& p : pieces(v)) {
      cuts.insert(offset);
      if (is_const(p.id)) {
        const APInt& c = nodes[p.id].value;
        for (unsigned b = 1; b < p.width; b++) {
          if (c[b] != c[b - 1]) cuts.insert(offset + b);
        }
      }
      offset += p.width;
    }
  }
  std::vector<Segment> r;
  unsigned last = 0;
  for (unsigned cut : cuts) {
    if (cut) r.push_back({last, cut - last});
    last = cut;
  }
  return r;
}

NodeId Graph::slice(NodeId i, unsigned lo, unsigned w) {
  assert(w && lo + w <= width(i));
  if (w == width(i)) return i;
  switch (nodes[i].op) {
    case Op::constant:
      return constant(nodes[i].value.extractBits(w, lo));
    case Op::slice:
      return slice(nodes[i].in[0], lo + nodes[i].lo, w);
    case Op::concat: {
      SmallVector<NodeId, 8> parts;
      unsigned offset = 0;
      const SmallVector<NodeId, 3> in = nodes[i].in;
      for (NodeId p : in) {
        const unsigned end = offset + width(p), from = std::max(offset, lo), to = std::min(end, lo + w);
        if (from < to) parts.push_back(slice(p, from - offset, to - from));
        offset = end;
      }
      return concat(parts);
    }
    default:
      return make(Op::slice, w, {i}, lo);
  }
}

NodeId Graph::concat(ArrayRef<NodeId> least_significant_first) {
  SmallVector<NodeId, 8> flat;
  auto source = [&](NodeId x) { return nodes[x].op == Op::slice ? nodes[x].in[0] : x; };
  auto push = [&](NodeId p) {
    if (!flat.empty()) {
      const NodeId q = flat.back();
      const unsigned wp = width(p), wq = width(q);
      if (is_const(q) && is_const(p)) {
        flat.back() = constant(nodes[p].value.zext(wp + wq).shl(wq) | nodes[q].value.zext(wp + wq));
        return;
      }
      if (nodes[q].op == Op::slice && nodes[p].op == Op::slice && source(p) == source(q) &&
          nodes[p].lo == nodes[q].lo + wq) {
        flat.back() = slice(source(q), nodes[q].lo, wp + wq);
        return;
      }
    }
    flat.push_back(p);
  };
  for (NodeId p : least_significant_first) {
    const SmallVector<Piece, 8> parts = pieces(p);
    for (const Piece& q : parts) push(q.id);
  }
  if (flat.size() == 1) return flat[0];
  unsigned w = 0;
  for (NodeId p : flat) w += width(p);
  return make(Op::concat, w, flat);
}

NodeId Graph::zext(NodeId i, unsigned w) {
  if (w == width(i)) return i;
  return w < width(i) ? slice(i, 0, w) : concat({i, zero(w - width(i))});
}

NodeId Graph::sext(NodeId i, unsigned w) {
  const unsigned old = width(i);
  if (w <= old) return zext(i, w);
  SmallVector<NodeId, 8> parts{i};
  parts.append(w - old, bit(i, old - 1));
  return concat(parts);
}

NodeId Graph::remake(const Node& like, ArrayRef<NodeId> in) {
  current_name = like.name;
  current_location = like.location;
  switch (like.op) {
    case Op::constant:
      return constant(like.value);
    case Op::bit_not:
      return inverse(in[0]);
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor:
      return gate(like.op, in);
    case Op::add:
      return add(in[0], in[1]);
    case Op::sub:
      return sub(in[0], in[1]);
    case Op::mul:
      return mul(in[0], in[1]);
    case Op::equal:
      return equal(in[0], in[1]);
    case Op::uless:
      return uless(in[0], in[1]);
    case Op::sless:
      return sless(in[0], in[1]);
    case Op::mux:
      return mux(in[0], in[1], in[2]);
    case Op::slice:
      return slice(in[0], like.lo, like.width);
    case Op::concat:
      return concat(in);
    default:
      return like.is_sink() ? sink(like.op, in, like.aux) : make(like.op, like.width, in, like.lo, like.aux);
  }
}

}  // namespace sapulse::hlsc
