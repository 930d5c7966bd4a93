// SPDX-License-Identifier: Apache-2.0
#include "schedule/sharing.h"

#include <map>

#include "fmt/format.h"
#include "graph/area.h"
#include "graph/demand.h"
#include "llvm/ADT/STLExtras.h"
#include "schedule/delay.h"
#include "schedule/dependences.h"

namespace sapulse::hlsc {

namespace {

// A further source of an operand takes two fifths of a LUT per bit: two of its inputs are data, one chooses.
constexpr long kMuxLutsNumerator = 2, kMuxLutsDenominator = 5;
constexpr unsigned kMinFactorWidth = 4;

int round_up(int a, int b) { return (a + b - 1) / b; }

/// LUT levels of a one-hot multiplexer: three sources in a LUT, six LUTs behind that.
int mux_levels(int sources) {
  int levels = 0;
  for (int reach = 1; reach < sources; reach *= levels == 1 ? 3 : 6) levels++;
  return levels;
}

class Sharing {
 public:
  Sharing(Graph& g, const ScheduleOptions& options, CallsInLoops in_loops) : g_(g), options_(options) {
    const Dependences dependences(g);
    alone_ = dependences.controls_reads(false);
    if (in_loops == CallsInLoops::shared) return;
    for (const auto& component : dependences.components()) {
      if (component.size() > 1) {
        for (NodeId i : component) alone_[i] = 1;
      }
    }
  }

  void run() {
    const std::vector<APInt> demand = demanded_bits(g_);
    std::map<unsigned, std::vector<NodeId>> products;  // by width
    std::map<int, std::vector<NodeId>> calls;
    for (NodeId i = 0; i < g_.size(); i++) {
      const Node& n = g_[i];
      if (n.is_sink() || demand[i].isZero()) continue;
      if (n.op == Op::call) calls[n.aux].push_back(i);
      if (n.op == Op::mul && !g_.is_const(n.in[0]) && !g_.is_const(n.in[1])) products[n.width].push_back(i);
    }
    for (const auto& [module, nodes] : calls) share(g_.modules[module], nodes);
    for (const auto& [width, nodes] : products) share_products(width, nodes);
  }

 private:
  bool can_share(const SubModule& m, const std::vector<NodeId>& calls) const {
    long operand_bits = 0;
    for (const ScalarPort& p : m.operands) operand_bits += p.width;
    return calls.size() > 1 && m.instances == 0 && m.luts * kMuxLutsDenominator > operand_bits * kMuxLutsNumerator &&
           llvm::none_of(calls, [&](NodeId i) { return alone_[i] != 0; });
  }

  bool share(SubModule& m, const std::vector<NodeId>& calls) {
    if (!can_share(m, calls)) return false;
    const int count = static_cast<int>(calls.size());
    m.instances = round_up(count, options_.interval);
    const int mux = mux_levels(round_up(count, m.instances));
    m.holds_operands = mux + m.input_levels > options_.levels;
    m.latency += m.holds_operands ? 2 : 1;
    m.input_levels = mux + (m.holds_operands ? 0 : m.input_levels);
    m.output_levels = 0;
    return true;
  }

  void share_products(unsigned width, const std::vector<NodeId>& nodes) {
    if (width < kMinFactorWidth || delay::kMultiply > options_.levels) return;
    SubModule m;
    m.name = fmt::format("product_{}", width);
    m.operands = {{"a", width}, {"b", width}};
    m.width = width;
    m.input_levels = m.output_levels = delay::kMultiply;
    m.luts = luts_of(g_, nodes[0]);
    m.is_product = true;
    if (!share(m, nodes)) return;
    for (NodeId i : nodes) {
      g_[i].op = Op::call;
      g_[i].aux = static_cast<int>(g_.modules.size());
    }
    g_.modules.push_back(m);
  }

  Graph& g_;
  const ScheduleOptions& options_;
  std::vector<char> alone_;
};

}  // namespace

Graph share_modules(Graph graph, const ScheduleOptions& options, CallsInLoops in_loops) {
  Sharing(graph, options, in_loops).run();
  return graph;
}

}  // namespace sapulse::hlsc
