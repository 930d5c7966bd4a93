// SPDX-License-Identifier: Apache-2.0
// Bits of registers and memories that are never read, or that keep their initial value for ever, disappear.
#include "graph/storage_bits.h"

#include "graph/demand.h"
#include "graph/rebuilder.h"

namespace sapulse::hlsc {

namespace {

/// A register or a memory.
struct Storage {
  APInt initial;
  APInt fixed;  ///< bits that are replaced by their initial value
};

struct Run {
  unsigned lo, width;
  bool fixed;
};

std::vector<Run> runs(const Storage& s) {
  std::vector<Run> r;
  const unsigned w = s.fixed.getBitWidth();
  for (unsigned lo = 0, hi; lo < w; lo = hi) {
    for (hi = lo; hi < w && s.fixed[hi] == s.fixed[lo];) hi++;
    r.push_back({lo, hi - lo, s.fixed[lo]});
  }
  return r;
}

/// Bits of v that are constant and equal to those of initial.
APInt unchanged_bits(const Graph& g, NodeId v, const APInt& initial) {
  APInt same(g.width(v), 0);
  unsigned offset = 0;
  for (const Piece& p : g.pieces(v)) {
    if (g.is_const(p.id)) {
      const APInt equal = ~(g[p.id].value ^ initial.extractBits(p.width, offset));
      same.insertBits(equal, offset);
    }
    offset += p.width;
  }
  return same;
}

struct AllStorage {
  std::vector<Storage> registers, memories;

  Storage* of(const Node& n) {
    switch (n.op) {
      case Op::state:
      case Op::state_next:
        return &registers[n.aux];
      case Op::ram_read:
      case Op::ram_write:
        return &memories[n.aux];
      default:
        return nullptr;
    }
  }
};

/// Replaces fixed bits in every read.
class SubstituteFixed : public Rebuilder {
 public:
  SubstituteFixed(const Graph& g, AllStorage& s) : Rebuilder(g), storage_(s) {}

 protected:
  NodeId rebuild(NodeId old) override {
    const NodeId whole = Rebuilder::rebuild(old);
    const Storage* s = storage_.of(old_[old]);
    if (!s) return whole;
    SmallVector<NodeId, 8> parts;
    for (const Run& r : runs(*s)) {
      parts.push_back(r.fixed ? new_.constant(s->initial.extractBits(r.width, r.lo))
                              : new_.slice(whole, r.lo, r.width));
    }
    return new_.concat(parts);
  }

 private:
  AllStorage& storage_;
};

/// Gives every run of remaining bits of a register a register of its own and packs the remaining bits of memories.
class RemoveFixed : public Rebuilder {
 public:
  RemoveFixed(const Graph& g, AllStorage& s) : Rebuilder(g), storage_(s), first_(g.registers.size()) {
    new_.registers.clear();
    for (std::size_t i = 0; i < g.registers.size(); i++) split_register(static_cast<int>(i));
    for (std::size_t i = 0; i < g.memories.size(); i++) {
      new_.memories[i].width = (~s.memories[i].fixed).popcount();
    }
  }

 protected:
  NodeId rebuild(NodeId old) override {
    const Node& n = old_[old];
    Storage* s = storage_.of(n);
    if (!s) return Rebuilder::rebuild(old);
    const bool is_register = n.op == Op::state;
    const unsigned live = (~s->fixed).popcount();
    use_name_of(old);
    const NodeId word = !is_register && live ? new_.make(Op::ram_read, live, {get(n.in[0])}, 0, n.aux) : kNoNode;
    SmallVector<NodeId, 8> parts;
    int part = is_register ? first_[n.aux] : 0;
    unsigned offset = 0;
    for (const Run& r : runs(*s)) {
      if (r.fixed) {
        parts.push_back(new_.constant(s->initial.extractBits(r.width, r.lo)));
      } else if (is_register) {
        new_.current_name = new_.registers[part].name;
        parts.push_back(new_.make(Op::state, r.width, {}, 0, part++));
      } else {
        parts.push_back(new_.slice(word, offset, r.width));
        offset += r.width;
      }
    }
    return new_.concat(parts);
  }

  void rebuild_sink(NodeId old) override {
    const Node& n = old_[old];
    Storage* s = storage_.of(n);
    if (!s) return Rebuilder::rebuild_sink(old);
    const NodeId data = get(n.in.back());
    use_name_of(old);
    if (n.op == Op::state_next) {
      int part = first_[n.aux];
      for (const Run& r : runs(*s)) {
        if (!r.fixed) new_.sink(Op::state_next, {new_.slice(data, r.lo, r.width)}, part++);
      }
      return;
    }
    SmallVector<NodeId, 8> parts;
    for (const Run& r : runs(*s)) {
      if (!r.fixed) parts.push_back(new_.slice(data, r.lo, r.width));
    }
    if (!parts.empty()) new_.sink(Op::ram_write, {get(n.in[0]), get(n.in[1]), new_.concat(parts)}, n.aux);
  }

 private:
  void split_register(int i) {
    const Storage& s = storage_.registers[i];
    const std::vector<Run> parts = runs(s);
    int live = 0;
    for (const Run& r : parts) live += !r.fixed;
    first_[i] = static_cast<int>(new_.registers.size());
    for (const Run& r : parts) {
      if (r.fixed) continue;
      const std::string suffix = live > 1 ? "_b" + std::to_string(r.lo) : "";
      new_.registers.push_back({old_.registers[i].name + suffix, r.width, s.initial.extractBits(r.width, r.lo)});
    }
  }

  AllStorage& storage_;
  std::vector<int> first_;  ///< new number of the first part of every old register
};

}  // namespace

void remove_fixed_storage_bits(Graph& g) {
  // Optimistic: every bit is fixed until something shows otherwise.
  AllStorage s;
  for (const Register& r : g.registers) s.registers.push_back({r.initial, APInt::getAllOnes(r.width)});
  for (const Memory& m : g.memories) s.memories.push_back({APInt(m.width, 0), APInt::getAllOnes(m.width)});

  const std::vector<APInt> demanded = demanded_bits(g);
  AllStorage unread = s;
  for (NodeId i = 0; i < g.size(); i++) {
    if (Storage* u = g[i].is_sink() ? nullptr : unread.of(g[i])) u->fixed &= ~demanded[i];
  }

  for (bool changed = true; changed;) {
    changed = false;
    SubstituteFixed substituted(g, s);
    substituted.run();
    Graph& trial = substituted.graph();
    for (NodeId k : trial.sinks) {
      Storage* t = s.of(trial[k]);
      if (!t) continue;
      const APInt holds = unchanged_bits(trial, trial[k].in.back(), t->initial) | unread.of(trial[k])->fixed;
      if ((t->fixed & ~holds).isZero()) continue;
      t->fixed &= holds;
      changed = true;
    }
  }
  RemoveFixed removed(g, s);
  removed.run();
  g = std::move(removed.graph());
}

}  // namespace sapulse::hlsc
