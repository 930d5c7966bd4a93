// SPDX-License-Identifier: Apache-2.0
#include "graph/demand.h"

#include <algorithm>

namespace sapulse::hlsc {

namespace {

class Demand {
 public:
  explicit Demand(const Graph& g)
      : g_(g), register_next_(g.registers.size(), kNoNode), memory_data_(g.memories.size(), kNoNode) {
    for (const Node& n : g.nodes) bits_.emplace_back(std::max(1U, n.width), 0);
  }

  std::vector<APInt> run() {
    for (NodeId s : g_.sinks) {
      const Node& n = g_[s];
      if (n.op == Op::state_next) {
        register_next_[n.aux] = n.in[0];
      } else if (n.op == Op::ram_write) {
        all(n.in[0]);
        all(n.in[1]);
        memory_data_[n.aux] = n.in[2];
      } else {
        for (NodeId k : n.in) all(k);
      }
    }
    do {
      again_ = false;
      for (NodeId i = g_.size() - 1; i >= 0; i--) {
        if (!g_[i].is_sink() && !bits_[i].isZero()) propagate(i);
      }
    } while (again_);
    return std::move(bits_);
  }

 private:
  void all(NodeId i) { bits_[i].setAllBits(); }

  /// Operands stand before their users, except for parts of gates that the scheduler has split: they have been passed.
  void want(NodeId i, const APInt& bits) {
    again_ |= i > current_ && !bits.isSubsetOf(bits_[i]);
    bits_[i] |= bits;
  }

  /// A register or memory needs the bits of its input that are read from it.
  void carry(NodeId data, const APInt& bits) {
    if (data == kNoNode || bits.isSubsetOf(bits_[data])) return;
    bits_[data] |= bits;
    again_ = true;
  }

  void propagate(NodeId i) {
    current_ = i;
    const Node& n = g_[i];
    const APInt& d = bits_[i];
    switch (n.op) {
      case Op::bit_not:
      case Op::bit_and:
      case Op::bit_or:
      case Op::bit_xor:
        for (NodeId k : n.in) want(k, d);
        break;
      case Op::mux:
        all(n.in[0]);
        want(n.in[1], d);
        want(n.in[2], d);
        break;
      case Op::add:
      case Op::sub:
      case Op::mul:
        for (NodeId k : n.in) want(k, APInt::getLowBitsSet(n.width, d.getActiveBits()));
        break;
      case Op::slice:
        want(n.in[0], d.zext(g_.width(n.in[0])).shl(n.lo));
        break;
      case Op::concat: {
        unsigned offset = 0;
        for (NodeId k : n.in) {
          want(k, d.extractBits(g_.width(k), offset));
          offset += g_.width(k);
        }
        break;
      }
      case Op::state:
        carry(register_next_[n.aux], d);
        break;
      case Op::ram_read:
        all(n.in[0]);
        carry(memory_data_[n.aux], d);
        break;
      default:
        for (NodeId k : n.in) all(k);
    }
  }

  const Graph& g_;
  std::vector<APInt> bits_;
  std::vector<NodeId> register_next_, memory_data_;
  NodeId current_ = 0;
  bool again_ = false;
};

}  // namespace

std::vector<APInt> demanded_bits(const Graph& graph) { return Demand(graph).run(); }

}  // namespace sapulse::hlsc
