// SPDX-License-Identifier: Apache-2.0
#include "lower/exclusive.h"

#include <map>
#include <optional>
#include <vector>

#include "llvm/ADT/STLExtras.h"

namespace sapulse::hlsc {

namespace {

constexpr std::size_t kMaxAtoms = 16;         ///< all their values are tried
constexpr std::size_t kMaxAtomsAtOnce = 6;    ///< of conditions that need not be told apart
constexpr std::size_t kMaxAtomsOfParts = 10;  ///< of large conditions, of which there may be many

/// Tries all values of the atoms (conditions that are not built from others) of conditions.
class Search {
 public:
  Search(const Graph& g, std::size_t max_atoms) : g_(g), max_atoms_(max_atoms) {}

  /// Takes a condition in, unless there are too many atoms then.
  bool add(NodeId condition) {
    const auto atoms = atoms_;
    const auto visited = visited_;
    collect(condition);
    if (atoms_.size() <= max_atoms_) {
      conditions_.push_back(condition);
      return true;
    }
    atoms_ = atoms;
    visited_ = visited;
    return false;
  }

  /// Whether the conditions that were taken in cannot hold together.
  bool exclusive() {
    group_by_subject();
    for (std::uint32_t values = 0; values < (1U << atoms_.size()); values++) {
      values_ = values;
      known_.clear();
      if (possible() && llvm::all_of(conditions_, [this](NodeId c) { return evaluate(c); })) return false;
    }
    return true;
  }

 private:
  static constexpr unsigned kMaxListedWidth = 6;

  struct Subject {
    std::vector<NodeId> atoms;
    std::vector<APInt> candidates;
  };

  bool is_connective(const Node& n) const {
    return n.is_gate() || n.op == Op::bit_not || n.op == Op::mux || n.op == Op::constant;
  }

  void collect(NodeId i) {
    if (atoms_.size() > max_atoms_ || !visited_.emplace(i, true).second) return;
    const Node& n = g_[i];
    if (!is_connective(n)) {
      atoms_.emplace(i, static_cast<unsigned>(atoms_.size()));
      return;
    }
    for (NodeId k : n.in) collect(k);
  }

  bool atom(NodeId i) const { return values_ >> atoms_.at(i) & 1; }

  /// Bits of a value from one upwards: all bits of a narrow value, of a wide one those that end with its top bit.
  struct Part {
    NodeId whole;
    unsigned lo;
  };

  Part part_of(NodeId i) const {
    const Node& n = g_[i];
    if (n.op != Op::slice) return {i, 0};
    const unsigned width = g_.width(n.in[0]);
    if (width > kMaxListedWidth && n.lo + n.width != width) return {i, 0};
    return {n.in[0], n.lo};
  }

  /// What an atom compares with a constant, or the value whose bit it is; nothing: the atom stands for itself.
  std::optional<Part> subject_of(NodeId i) const {
    const Node& n = g_[i];
    if (n.op == Op::slice) return part_of(i);
    if (n.op != Op::equal && n.op != Op::uless && n.op != Op::sless) return std::nullopt;
    if (g_.is_const(n.in[1])) return part_of(n.in[0]);
    if (g_.is_const(n.in[0])) return part_of(n.in[1]);
    return std::nullopt;
  }

  void group_by_subject() {
    for (auto [i, number] : atoms_) {
      if (const auto part = subject_of(i)) subjects_[part->whole].atoms.push_back(i);
    }
    for (auto& [whole, s] : subjects_) add_candidates(s, g_.width(whole));
  }

  /// A narrow value is tried with all its values, a wide one with one from each range between the constants.
  void add_candidates(Subject& s, unsigned width) const {
    if (width <= kMaxListedWidth) {
      for (std::uint64_t v = 0; v < 1ULL << width; v++) s.candidates.emplace_back(width, v);
      return;
    }
    s.candidates = {APInt::getZero(width), APInt::getMaxValue(width), APInt::getSignedMinValue(width),
                    APInt::getSignedMaxValue(width)};
    for (NodeId i : s.atoms) {
      const Node& n = g_[i];
      if (n.op == Op::slice) continue;  // the top bit
      const unsigned lo = subject_of(i)->lo;
      const APInt c = g_[n.in[g_.is_const(n.in[1]) ? 1 : 0]].value.zext(width);
      for (const APInt& edge : {c.shl(lo), (c + 1).shl(lo)}) {
        for (const APInt& v : {edge - 1, edge, edge + 1}) s.candidates.push_back(v);
      }
    }
  }

  /// The atom where its subject has a value.
  bool outcome(NodeId i, const APInt& value) const {
    const Node& n = g_[i];
    const auto subject = subject_of(i);
    const unsigned lo = subject ? subject->lo : 0;
    if (n.op == Op::slice) return value[lo];
    auto operand = [&](unsigned k) {
      return g_.is_const(n.in[k]) ? g_[n.in[k]].value : value.extractBits(g_.width(n.in[k]), lo);
    };
    const APInt a = operand(0), b = operand(1);
    return n.op == Op::equal ? a == b : n.op == Op::uless ? a.ult(b) : a.slt(b);
  }

  /// Whether every subject has a value with which its atoms are as assumed: not for x == 1 and x == 2.
  bool possible() const {
    return llvm::all_of(subjects_, [&](const auto& entry) {
      const Subject& s = entry.second;
      return llvm::any_of(s.candidates, [&](const APInt& v) {
        return llvm::all_of(s.atoms, [&](NodeId i) { return outcome(i, v) == atom(i); });
      });
    });
  }

  bool evaluate(NodeId i) {
    if (atoms_.count(i)) return atom(i);
    if (auto it = known_.find(i); it != known_.end()) return it->second;
    const Node& n = g_[i];
    bool r = false;
    switch (n.op) {
      case Op::constant:
        r = g_.is_ones(i);
        break;
      case Op::bit_not:
        r = !evaluate(n.in[0]);
        break;
      case Op::mux:
        r = evaluate(evaluate(n.in[0]) ? n.in[1] : n.in[2]);
        break;
      default:
        r = n.op == Op::bit_and;
        for (NodeId k : n.in) {
          const bool v = evaluate(k);
          r = n.op == Op::bit_and ? r && v : n.op == Op::bit_or ? r || v : r != v;
        }
    }
    return known_[i] = r;
  }

  const Graph& g_;
  std::size_t max_atoms_;
  std::vector<NodeId> conditions_;
  std::map<NodeId, unsigned> atoms_;
  std::map<NodeId, Subject> subjects_;
  std::map<NodeId, bool> visited_, known_;
  std::uint32_t values_ = 0;
};

}  // namespace

bool are_clearly_exclusive(const Graph& graph, NodeId a, NodeId b) {
  Search search(graph, kMaxAtomsAtOnce);
  return search.add(a) && search.add(b) && search.exclusive();
}

// Where there is too much to try, the parts of the two that are not too large may do: each of them holds where the
// whole does.
bool are_exclusive(const Graph& graph, NodeId a, NodeId b) {
  if (graph.is_zero(a) || graph.is_zero(b)) return true;
  Search whole(graph, kMaxAtoms);
  if (whole.add(a) && whole.add(b)) return whole.exclusive();
  Search parts(graph, kMaxAtomsOfParts);
  for (NodeId condition : {a, b}) {
    if (graph[condition].op != Op::bit_and) {
      parts.add(condition);
      continue;
    }
    for (NodeId part : graph[condition].in) parts.add(part);
  }
  return parts.exclusive();
}

}  // namespace sapulse::hlsc
