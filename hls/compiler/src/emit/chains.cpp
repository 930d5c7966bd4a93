// SPDX-License-Identifier: Apache-2.0
// Bits that follow each other in many concatenations (the multiples of a field element, shift registers) are gathered
// in a vector once per stage. Simulators handle slices of it many times faster than single bits.
#include <algorithm>
#include <functional>
#include <map>

#include "emit/emitter.h"
#include "fmt/format.h"

namespace sapulse::hlsc {

namespace {

constexpr std::size_t kMinLength = 8;
constexpr int kMinOccurrences = 2;

}  // namespace

void Emitter::find_chains() {
  std::map<int, std::vector<NodeId>> concats;  // by stage
  for (NodeId i = 0; i < g_.size(); i++) {
    if (!is_emitted(i)) continue;
    for (NodeId k : g_[i].in) {
      if (g_[k].op == Op::concat) concats[input_stage(i)].push_back(k);
    }
  }
  for (auto& [s, list] : concats) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    chains_of_stage(s, list);
  }
}

void Emitter::chains_of_stage(int s, const std::vector<NodeId>& concats) {
  // Bits that depend on concatenations in the same stage stay out: with their vector they would look like a loop.
  std::map<NodeId, bool> known;
  std::function<bool(NodeId)> is_free = [&](NodeId i) -> bool {
    const Node& n = g_[i];
    if (n.op == Op::slice) return is_free(n.in[0]);
    if (n.op == Op::concat) return false;
    if (n.op == Op::constant || n.is_source() || stage(i) < s) return true;
    if (auto it = known.find(i); it != known.end()) return it->second;
    return known[i] = std::all_of(n.in.begin(), n.in.end(), is_free);
  };
  auto can_chain = [&](NodeId i) {
    return !g_[i].is_wire() && g_[i].width == 1 && g_[i].op != Op::argument && is_free(i);
  };
  std::map<std::pair<NodeId, NodeId>, int> count;
  for (NodeId c : concats) {
    for (std::size_t k = 1; k < g_[c].in.size(); k++) {
      const NodeId low = g_[c].in[k - 1], high = g_[c].in[k];
      if (low != high && can_chain(low) && can_chain(high)) count[{low, high}]++;
    }
  }
  std::vector<std::pair<int, std::pair<NodeId, NodeId>>> pairs;
  for (auto [pair, n] : count) {
    if (n >= kMinOccurrences) pairs.push_back({-n, pair});
  }
  std::sort(pairs.begin(), pairs.end());  // the most frequent first
  std::map<NodeId, NodeId> next, previous;
  for (auto& [n, pair] : pairs) {
    auto [low, high] = pair;
    if (next.count(low) || previous.count(high)) continue;
    NodeId end = high;
    while (next.count(end)) end = next[end];
    if (end == low) continue;  // would close a ring
    next[low] = high;
    previous[high] = low;
  }
  for (auto [first, second] : next) {
    if (previous.count(first)) continue;
    Chain c{names_.unique(fmt::format("bits_s{}", s)), s, {first}};
    for (NodeId i = first; next.count(i);) c.bits.push_back(i = next[i]);
    if (c.bits.size() < kMinLength) continue;
    for (std::size_t k = 0; k < c.bits.size(); k++) {
      in_chain_[{c.bits[k], s}] = {static_cast<int>(chains_.size()), static_cast<int>(k)};
    }
    chains_.push_back(std::move(c));
  }
}

/// Verilator would put the single bits back into every slice, unless a task that is not inlined stands between.
void Emitter::hold_chain(const Chain& c, const std::string& text) {
  const std::size_t width = c.bits.size();
  const std::string task = fmt::format("hold_{}", width);
  if (held_widths_.insert(width).second) {
    tasks_ += fmt::format(
        "  task automatic {0}(input logic [{1}:0] bits, output logic [{1}:0] held);\n"
        "    /* verilator no_inline_task */\n    held = bits;\n  endtask\n\n",
        task, width - 1);
  }
  out_ += fmt::format("`ifdef VERILATOR\n  logic [{0}:0] {1};\n  always_comb {2}::{3}({4}, {1});\n`else\n", width - 1,
                      c.name, package_name_, task, text);
  define(static_cast<unsigned>(width), c.name, text);
  out_ += "`endif\n";
}

void Emitter::emit_chains(int s) {
  for (const Chain& c : chains_) {
    if (c.stage != s) continue;
    for (NodeId i : c.bits) {
      if (stage(i) == s) node(i);
    }
    std::string text;
    for (auto it = c.bits.rbegin(); it != c.bits.rend(); ++it)
      text += (text.empty() ? "{" : ", ") + select(*it, 0, 1, s);
    text += "}";
    if (is_kernel_) {
      hold_chain(c, text);
    } else {
      define(static_cast<unsigned>(c.bits.size()), c.name, text);
    }
  }
}

}  // namespace sapulse::hlsc
