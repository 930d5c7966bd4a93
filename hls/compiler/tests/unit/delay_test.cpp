// SPDX-License-Identifier: Apache-2.0
#include "schedule/delay.h"

#include <gtest/gtest.h>

namespace sapulse::hlsc {
namespace {

TEST(Delay, ClockMapsToLevels) {
  EXPECT_EQ(delay::levels_for(322.27), 4);
  EXPECT_EQ(delay::levels_for(250), 6);
  EXPECT_EQ(delay::levels_for(1000), 1);
}

/// Levels of the last node of a graph when all stand in stage 0.
int levels_of(const Graph& g) {
  const std::vector<int> stage(g.nodes.size(), 0);
  Timing t(g, stage);
  int worst = 0;
  for (NodeId i = 0; i < g.size(); i++) {
    if (!g[i].is_wire()) worst = t.evaluate(i, 0);
  }
  return worst;
}

NodeId gate_of(Graph& g, Op op, unsigned inputs) {
  SmallVector<NodeId, 8> in;
  for (unsigned i = 0; i < inputs; i++) in.push_back(g.make(Op::input, 1, {}, i, 0));
  return g.gate(op, in);
}

TEST(Delay, GatesPackSixInputsPerLevel) {
  for (auto [inputs, levels] : {std::pair(2U, 1), {6U, 1}, {7U, 2}, {36U, 2}, {37U, 3}, {216U, 3}}) {
    Graph g;
    gate_of(g, Op::bit_xor, inputs);
    EXPECT_EQ(levels_of(g), levels) << inputs;
  }
}

TEST(Delay, TwoMultiplexersFitOneLut) {
  Graph g;
  auto in = [&](unsigned n) { return g.make(Op::input, 1, {}, n, 0); };
  const NodeId a = g.mux(in(0), in(1), in(2)), b = g.mux(in(0), in(3), in(4));
  g.mux(in(5), a, b);
  EXPECT_EQ(levels_of(g), 1);
}

TEST(Delay, EqualityIsATreeOfThreeBitsPerLut) {
  Graph g;
  g.equal(g.make(Op::input, 18, {}, 0, 0), g.make(Op::input, 18, {}, 0, 1));
  EXPECT_EQ(levels_of(g), 2);
}

TEST(Delay, AGateBehindASumIsALevelMore) {
  Graph g;
  const NodeId sum = g.add(g.make(Op::input, 16, {}, 0, 0), g.make(Op::input, 16, {}, 0, 1));
  EXPECT_EQ(levels_of(g), 2);
  g.conj(g.bit(sum, 7), g.make(Op::input, 1, {}, 0, 2));  // bit 7 comes out of the chain after one level
  EXPECT_EQ(levels_of(g), 2);
  g.conj(g.bit(sum, 15), g.make(Op::input, 1, {}, 0, 3));
  EXPECT_EQ(levels_of(g), 3);
}

TEST(Delay, ASumOfSixInputsIsALut) {
  Graph g;
  const NodeId sum = g.add(g.make(Op::input, 5, {}, 0, 0), g.constant(5, 1));
  g.conj(g.bit(sum, 4), g.make(Op::input, 1, {}, 0, 1));
  EXPECT_EQ(levels_of(g), 1);
}

TEST(Delay, GroupsAreTheLutsOfTheDeepestBit) {
  Graph g;
  auto in = [&](unsigned lo, unsigned width) { return g.make(Op::input, width, {}, lo, 0); };
  SmallVector<NodeId, 8> words;
  for (unsigned i = 0; i < 7; i++) words.push_back(g.concat({g.zero(1), in(i, 1)}));
  words.push_back(g.concat({in(7, 1), g.zero(1)}));
  const NodeId x = g.gate(Op::bit_xor, words);
  const std::vector<int> stage(g.nodes.size(), 0);
  Timing t(g, stage);
  for (NodeId i = 0; i < g.size(); i++) {
    if (!g[i].is_wire()) t.evaluate(i, 0);
  }
  // bit 1 has seven operands: six share a LUT, which is item 8; operand 7 is of bit 0 alone
  EXPECT_EQ(t.grouping(x), (std::vector<std::vector<int>>{{0, 1, 2, 3, 4, 5}, {8, 6}}));
}

TEST(Delay, LaterStagesStartFromRegisters) {
  Graph g;
  const NodeId x = gate_of(g, Op::bit_xor, 36);
  const NodeId y = g.inverse(x);
  std::vector<int> stage(g.nodes.size(), 0);
  stage[y] = 1;
  Timing t(g, stage);
  EXPECT_EQ(t.evaluate(x, 0), 2);
  EXPECT_EQ(t.evaluate(y, 1), 0);
}

}  // namespace
}  // namespace sapulse::hlsc
