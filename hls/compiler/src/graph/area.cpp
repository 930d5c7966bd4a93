// SPDX-License-Identifier: Apache-2.0
#include "graph/area.h"

#include "graph/demand.h"

namespace sapulse::hlsc {

namespace {

constexpr long kGateInputsPerLut = 5;  ///< that a LUT takes off a wide gate
constexpr long kWordsPerLut = 64;

}  // namespace

long luts_of(const Graph& graph, NodeId i) {
  const Node& n = graph[i];
  const long width = n.width;
  switch (n.op) {
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor:
      return (width * static_cast<long>(n.in.size() - 1) + kGateInputsPerLut - 1) / kGateInputsPerLut;
    case Op::mux:
      return (width + 1) / 2;
    case Op::add:
    case Op::sub:
      return width;
    case Op::mul:
      return width * width / 2;
    case Op::equal:
      return (graph.width(n.in[0]) + 2) / 3;
    case Op::uless:
    case Op::sless:
      return (graph.width(n.in[0]) + 1) / 2;
    case Op::rom:
      if (graph.tables[n.aux].block_ram) return 0;
      return width * ((static_cast<long>(graph.tables[n.aux].words.size()) + kWordsPerLut - 1) / kWordsPerLut);
    case Op::call:
      return graph.modules[n.aux].luts;
    default:
      return 0;
  }
}

long luts_of(const Graph& graph) {
  const std::vector<APInt> demand = demanded_bits(graph);
  long sum = 0;
  for (NodeId i = 0; i < graph.size(); i++) {
    if (!demand[i].isZero()) sum += luts_of(graph, i);
  }
  return sum;
}

}  // namespace sapulse::hlsc
