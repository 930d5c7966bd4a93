// SPDX-License-Identifier: Apache-2.0
// Sums and differences of which each bit is a function of so few bits that it fits a LUT. They are written as gates:
// Yosys puts every `+` onto a carry chain, however short, and what is in front of it or behind it is then kept out of
// its LUTs. The delay model (Timing::evaluate_sum) counts these sums as LUTs, too.
#include <algorithm>
#include <utility>

#include "emit/emitter.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "schedule/delay.h"

namespace sapulse::hlsc {

namespace {

using Bit = std::pair<NodeId, unsigned>;

/// The node that a bit of a value belongs to, and which of its bits it is.
Bit bit_of(const Graph& g, NodeId value, unsigned k) {
  const Node& n = g[value];
  if (n.op == Op::slice) return bit_of(g, n.in[0], n.lo + k);
  if (n.op != Op::concat) return {value, k};
  for (NodeId part : n.in) {
    if (k < g.width(part)) return bit_of(g, part, k);
    k -= g.width(part);
  }
  fail(g.location(value), "internal error: a concatenation is shorter than its parts");
}

/// What is added up in one place of a sum: bits of the operands and the carry from below.
struct Column {
  std::vector<std::string> bits;
  int ones = 0;  ///< constants

  void add(const Graph& g, Bit bit, bool is_inverted, const std::string& text) {
    if (!g.is_const(bit.first)) {
      bits.push_back(is_inverted ? "~" + text : text);
    } else if (g[bit.first].value[bit.second] != is_inverted) {
      ones++;
    }
  }
  std::string sum() const {
    const std::string parity = bits.empty() ? "1'h0" : fmt::format("{}", fmt::join(bits, " ^ "));
    return ones % 2 ? fmt::format("~({})", parity) : parity;
  }
  /// Whether two or three of the three are set.
  std::string carry() const {
    const auto needed = static_cast<std::size_t>(std::max(0, 2 - ones));
    if (needed == 0) return "1'h1";
    if (bits.size() < needed) return "1'h0";
    if (needed == 1) return fmt::format("{}", fmt::join(bits, " | "));
    if (bits.size() == 2) return fmt::format("{} & {}", bits[0], bits[1]);
    return fmt::format("({0} & {1}) | ({2} & ({0} | {1}))", bits[0], bits[1], bits[2]);
  }
};

}  // namespace

bool Emitter::is_small_sum(NodeId i) const {
  const Node& n = g_[i];
  if (n.op != Op::add && n.op != Op::sub) return false;
  std::set<Bit> inputs;
  for (NodeId operand : n.in) {
    for (unsigned k = 0; k < n.width && inputs.size() <= delay::kLutInputs; k++) {
      if (const Bit bit = bit_of(g_, operand, k); !g_.is_const(bit.first)) inputs.insert(bit);
    }
  }
  return inputs.size() <= delay::kLutInputs;
}

std::string Emitter::small_sum(NodeId i) {
  const Node& n = g_[i];
  const bool is_difference = n.op == Op::sub;  // a - b is a + ~b + 1
  std::vector<std::string> sums;
  Column column;
  column.ones = is_difference;
  for (unsigned k = 0; k < n.width; k++) {
    for (unsigned operand = 0; operand < n.in.size(); operand++) {
      const Bit bit = bit_of(g_, n.in[operand], k);
      column.add(g_, bit, is_difference && operand > 0,
                 g_.is_const(bit.first) ? "" : select(bit.first, bit.second, 1, stage(i)));
    }
    sums.push_back(column.sum());
    if (k + 1 == n.width) break;
    const std::string carry = names_.unique(name_[i] + "_carry");
    define(1, carry, column.carry());
    column = {{carry}, 0};
  }
  std::reverse(sums.begin(), sums.end());
  return n.width == 1 ? sums[0] : fmt::format("{{{}}}", fmt::join(sums, ", "));
}

}  // namespace sapulse::hlsc
