// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "emit/emitter.h"
#include "fmt/format.h"

namespace sapulse::hlsc {

namespace {

/// Longer concatenations get a wire of their own.
constexpr std::size_t kMaxInline = 160;
constexpr std::size_t kLineLength = 100;

std::string in_lines(const std::vector<std::string>& operands, const char* op) {
  std::string r;
  std::size_t line = 0;
  for (const std::string& text : operands) {
    if (!r.empty()) {
      r += op;
      if (line > kLineLength) {
        r += "\n      ";
        line = 0;
      }
    }
    line += text.size() + 3;
    r += text;
  }
  return r;
}

}  // namespace

std::string Emitter::name_in(NodeId i, int st) const {
  const int c = g_[i].op == Op::argument ? 0 : copy(i, st);
  if (c == 0 && is_shared(i)) return result_register(i);
  return c == 0 ? name_[i] : fmt::format("{}_s{}", name_[i], first_stage(i, c));
}

/// Bits of a node that is not wiring, as seen in a stage. Bits that were not registered are not needed: zero.
std::string Emitter::select(NodeId i, unsigned lo, unsigned width, int st) const {
  const unsigned full = full_width(i);
  const std::string name = name_in(i, st);
  Window w{0, full};
  const auto c = static_cast<std::size_t>(g_[i].op == Op::argument ? 0 : copy(i, st));
  if (c > 0) w = c < windows_[i].size() ? windows_[i][c] : Window{};
  const unsigned a = std::max(lo, w.lo), b = std::min(lo + width, w.hi);
  if (a >= b) return literal(APInt(width, 0));
  if (in_task_ && (c > 0 || g_[i].op == Op::operand)) {
    task_inputs_[name] = full == 1 ? "" : fmt::format("[{}:{}] ", w.hi - 1, w.lo);
  }
  auto bits = [&](unsigned l, unsigned h) -> std::string {
    if (full == 1 || (l == w.lo && h == w.hi)) return std::string(name);
    return h - l == 1 ? fmt::format("{}[{}]", name, l) : fmt::format("{}[{}:{}]", name, h - 1, l);
  };
  if (a == lo && b == lo + width) return bits(a, b);
  std::string r = "{";
  if (b < lo + width) r += literal(APInt(lo + width - b, 0)) + ", ";
  r += bits(a, b);
  if (a > lo) r += ", " + literal(APInt(a - lo, 0));
  return r + "}";
}

std::string Emitter::reference(NodeId value, int st) {
  const Node& n = g_[value];
  switch (n.op) {
    case Op::constant:
      return literal(n.value);
    case Op::slice:
      return select(n.in[0], n.lo, n.width, st);
    case Op::concat:
      return concatenation(value, st);
    default:
      return select(value, 0, n.width, st);
  }
}

std::string Emitter::concatenation(NodeId value, int st) {
  if (auto it = helper_wires_.find({value, st}); it != helper_wires_.end()) return it->second;
  const Node& n = g_[value];
  std::vector<std::string> texts;  // least significant first
  for (std::size_t i = 0; i < n.in.size();) {
    const auto first = in_chain_.find({n.in[i], st});
    std::size_t run = 1;
    if (first != in_chain_.end()) {
      const auto [chain, position] = first->second;
      const std::vector<NodeId>& bits = chains_[chain].bits;
      while (i + run < n.in.size() && position + run < bits.size() && bits[position + run] == n.in[i + run]) run++;
      if (run > 1) texts.push_back(fmt::format("{}[{}:{}]", chains_[chain].name, position + run - 1, position));
    }
    if (run == 1) texts.push_back(reference(n.in[i], st));
    i += run;
  }
  std::vector<std::pair<std::string, int>> parts;  // text, repetitions; most significant first
  for (auto it = texts.rbegin(); it != texts.rend(); ++it) {
    if (!parts.empty() && parts.back().first == *it) {
      parts.back().second++;
    } else {
      parts.push_back({*it, 1});
    }
  }
  std::string r = "{";
  for (const auto& [text, times] : parts) {
    if (r.size() > 1) r += ", ";
    r += times > 1 ? fmt::format("{{{}{{{}}}}}", times, text) : text;
  }
  r += "}";
  if (r.size() <= kMaxInline) return r;
  const std::string name = names_.unique(context_ + "_bits");
  define(n.width, name, r);
  return helper_wires_[{value, st}] = name;
}

std::string Emitter::joined(NodeId i, const char* op) {
  std::vector<std::string> operands;
  for (NodeId k : g_[i].in) operands.push_back(reference(k, stage(i)));
  return in_lines(operands, op);
}

/// An XOR of many operands as the schedule has packed it into LUTs: Yosys does not balance a long chain of XORs on its
/// own.
std::string Emitter::grouped(NodeId i, const std::vector<std::vector<int>>& groups) {
  const std::size_t operands = g_[i].in.size();
  std::vector<std::string> items;
  for (NodeId k : g_[i].in) items.push_back(reference(k, stage(i)));
  std::vector<char> is_taken(operands + groups.size(), 0);
  auto take = [&](std::size_t item) {
    is_taken[item] = 1;
    return item < operands ? items[item] : "(" + items[item] + ")";
  };
  for (const std::vector<int>& group : groups) {
    std::vector<std::string> members;
    members.reserve(group.size());
    for (int item : group) members.push_back(take(static_cast<std::size_t>(item)));
    items.push_back(in_lines(members, " ^ "));
  }
  if (std::count(is_taken.begin(), is_taken.end(), 0) == 1) return items.back();
  std::vector<std::string> rest;  // the last group, and operands of other bits than the one that the groups are of
  for (std::size_t k = 0; k < items.size(); k++) {
    if (!is_taken[k]) rest.push_back(take(k));
  }
  return in_lines(rest, " ^ ");
}

std::string Emitter::expression(NodeId i) {
  const Node& n = g_[i];
  auto in = [&](unsigned k) { return reference(n.in[k], stage(i)); };
  switch (n.op) {
    case Op::bit_not:
      return "~" + in(0);
    case Op::bit_and:
      return joined(i, " & ");
    case Op::bit_or:
      return joined(i, " | ");
    case Op::bit_xor: {
      const auto groups = schedule_.groups.find(i);
      return groups == schedule_.groups.end() ? joined(i, " ^ ") : grouped(i, groups->second);
    }
    case Op::add:
      return is_small_sum(i) ? small_sum(i) : joined(i, " + ");
    case Op::sub:
      return is_small_sum(i) ? small_sum(i) : joined(i, " - ");
    case Op::mul:
      return joined(i, " * ");
    case Op::equal:
      return joined(i, " == ");
    case Op::uless:
      return joined(i, " < ");
    case Op::sless:
      return fmt::format("$signed({}) < $signed({})", in(0), in(1));
    case Op::mux: {
      const std::string c = in(0), a = in(1), b = in(2);
      return fmt::format("{} ? {} : {}", c, a, b);
    }
    default:
      fail(g_.location(i), std::string("internal error: no expression for ") + op_name(n.op));
  }
}

}  // namespace sapulse::hlsc
