// SPDX-License-Identifier: Apache-2.0
#include "graph/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "graph/optimise.h"
#include "graph/storage_bits.h"
#include "graph/undefined.h"
#include "graph/verify.h"
#include "llvm/ADT/STLExtras.h"
#include "lower/early_condition.h"
#include "lower/exclusive.h"
#include "lower/memory_ports.h"

namespace sapulse::hlsc {
namespace {

NodeId input(Graph& g, unsigned width, int number) { return g.make(Op::input, width, {}, 0, number); }

TEST(Graph, SharesEqualNodes) {
  Graph g;
  const NodeId a = input(g, 8, 0), b = input(g, 8, 1);
  EXPECT_EQ(g.add(a, b), g.add(b, a));
  EXPECT_NE(g.sub(a, b), g.sub(b, a));
}

TEST(Graph, SlicesOfConcatenationsAreTheirParts) {
  Graph g;
  const NodeId a = input(g, 8, 0), b = input(g, 4, 1);
  const NodeId c = g.concat({a, b});
  EXPECT_EQ(g.slice(c, 0, 8), a);
  EXPECT_EQ(g.slice(c, 8, 4), b);
  EXPECT_EQ(g.concat({g.slice(a, 0, 3), g.slice(a, 3, 5)}), a);
}

TEST(Graph, GatesSimplify) {
  Graph g;
  const NodeId a = input(g, 8, 0), b = input(g, 8, 1), x = input(g, 1, 2);
  EXPECT_EQ(g.parity(g.parity(a, b), b), g.parity(g.parity(a, b), b));
  EXPECT_TRUE(g.is_zero(g.parity(a, a)));
  EXPECT_TRUE(g.is_zero(g.conj(x, g.inverse(x))));
  EXPECT_TRUE(g.is_ones(g.disj(x, g.inverse(x))));
  EXPECT_EQ(g.inverse(g.inverse(a)), a);
  // disjoint parts are wiring
  EXPECT_EQ(g[g.disj(g.zext(a, 16), g.concat({g.zero(8), b}))].op, Op::concat);
}

TEST(Graph, SumsDropBitsThatOnlyOneOperandHas) {
  Graph g;
  const NodeId a = input(g, 16, 0);
  const NodeId sum = g.add(a, g.constant(16, 0x0100));
  EXPECT_EQ(g.slice(sum, 0, 8), g.slice(a, 0, 8));
}

TEST(Graph, MuxOfEqualPartsPassesThem) {
  Graph g;
  const NodeId a = input(g, 8, 0), b = input(g, 8, 1), low = input(g, 8, 2), c = input(g, 1, 3);
  const NodeId m = g.mux(c, g.concat({low, a}), g.concat({low, b}));
  EXPECT_EQ(g.slice(m, 0, 8), low);
  EXPECT_EQ(g[g.slice(m, 8, 8)].op, Op::mux);
}

/// Value of a node without inputs other than constants.
std::uint64_t constant_of(const Graph& g, NodeId i) {
  EXPECT_TRUE(g.is_const(i));
  return g[i].value.getZExtValue();
}

TEST(Graph, ConstantsFoldLikeTheMachine) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; i++) {
    Graph g;
    const std::uint32_t x = static_cast<std::uint32_t>(random()), y = static_cast<std::uint32_t>(random());
    const unsigned n = random() % 32;
    const NodeId a = g.constant(32, x), b = g.constant(32, y), s = g.constant(5, n);
    EXPECT_EQ(constant_of(g, g.add(a, b)), x + y);
    EXPECT_EQ(constant_of(g, g.sub(a, b)), x - y);
    EXPECT_EQ(constant_of(g, g.mul(a, b)), x * y);
    EXPECT_EQ(constant_of(g, g.uless(a, b)), x < y);
    EXPECT_EQ(constant_of(g, g.sless(a, b)), static_cast<std::int32_t>(x) < static_cast<std::int32_t>(y));
    EXPECT_EQ(constant_of(g, g.shift_left(a, s)), x << n);
    EXPECT_EQ(constant_of(g, g.shift_right(a, s, false)), x >> n);
    EXPECT_EQ(constant_of(g, g.shift_right(a, s, true)), static_cast<std::uint32_t>(static_cast<std::int32_t>(x) >> n));
  }
}

TEST(Graph, ARangeOfTwoValuesIsTwoComparisons) {
  Graph g;
  const NodeId x = input(g, 8, 0), two = g.constant(8, 2);
  const NodeId ends = g.disj(g.equal(x, g.constant(8, 0xff)), g.equal(x, g.zero(8)));  // as 8-bit numbers, neighbours
  EXPECT_EQ(g.uless(g.add(x, g.constant(8, 1)), two), ends);
  EXPECT_NE(g.uless(g.add(x, g.constant(8, 2)), two), ends);
  EXPECT_EQ(g[g.uless(g.add(x, input(g, 8, 1)), two)].op, Op::equal);  // no constant: the upper bits of the sum are 0
}

TEST(Graph, ShiftByMoreThanTheWidthGivesZero) {
  Graph g;
  EXPECT_EQ(constant_of(g, g.shift_left(g.constant(8, 0xff), g.constant(6, 40))), 0U);
  EXPECT_EQ(constant_of(g, g.shift_right(g.constant(8, 0x80), g.constant(6, 40), true)), 0xffU);
}

TEST(Exclusive, TellsConditionsApart) {
  Graph g;
  const NodeId x = input(g, 1, 0), y = input(g, 1, 1), kind = input(g, 4, 2);
  EXPECT_TRUE(are_exclusive(g, g.conj(x, y), g.conj(x, g.inverse(y))));
  EXPECT_TRUE(are_exclusive(g, g.equal(kind, g.constant(4, 1)), g.equal(kind, g.constant(4, 2))));
  EXPECT_FALSE(are_exclusive(g, x, y));
  EXPECT_FALSE(are_exclusive(g, g.conj(x, y), x));
}

TEST(Exclusive, TellsRangesOfANumberApart) {
  Graph g;
  const NodeId x = input(g, 16, 0), y = input(g, 16, 1);
  auto constant = [&](std::uint64_t v) { return g.constant(16, v); };
  EXPECT_TRUE(are_exclusive(g, g.uless(x, constant(10)), g.uless(constant(9), x)));
  EXPECT_FALSE(are_exclusive(g, g.uless(x, constant(11)), g.uless(constant(9), x)));  // 10
  EXPECT_FALSE(are_exclusive(g, g.uless(x, constant(10)), g.uless(constant(9), y)));
  EXPECT_TRUE(are_exclusive(g, g.sless(x, constant(0)), g.equal(x, constant(5))));
  EXPECT_FALSE(are_exclusive(g, g.sless(x, constant(0)), g.uless(constant(0x7fff), x)));  // the same
  EXPECT_FALSE(are_exclusive(g, g.sless(constant(5), x), g.uless(x, constant(0x8000))));  // 6
}

TEST(Exclusive, TellsBitsFromAComparison) {
  Graph g;
  const NodeId state = input(g, 3, 0);
  EXPECT_TRUE(are_exclusive(g, g.bit(state, 2), g.uless(state, g.constant(3, 3))));
  EXPECT_TRUE(are_exclusive(g, g.equal(g.slice(state, 1, 2), g.constant(2, 1)), g.equal(state, g.constant(3, 1))));
  EXPECT_FALSE(are_exclusive(g, g.equal(g.slice(state, 1, 2), g.constant(2, 1)), g.equal(state, g.constant(3, 3))));
  EXPECT_FALSE(are_exclusive(g, g.bit(state, 1), g.uless(state, g.constant(3, 3))));  // 2
}

TEST(Exclusive, TellsConditionsApartByTheirSmallParts) {
  Graph g;
  const NodeId state = input(g, 3, 0), other = input(g, 40, 1);
  NodeId many = g.constant(1, 0);
  for (unsigned i = 0; i < 20; i++) many = g.disj(many, g.conj(g.bit(other, 2 * i), g.bit(other, 2 * i + 1)));
  const NodeId one = g.conj(g.equal(state, g.constant(3, 1)), many), two = g.equal(state, g.constant(3, 2));
  EXPECT_TRUE(are_exclusive(g, one, two));
  EXPECT_FALSE(are_exclusive(g, one, g.conj(g.equal(state, g.constant(3, 1)), g.inverse(many))));
  EXPECT_FALSE(are_exclusive(g, one, g.bit(state, 0)));
}

/// A condition that waits for block RAM, and some that do not.
struct LateCondition {
  Graph g;
  NodeId late, a, b;

  LateCondition() {
    g.memories.push_back({"words", 1, 1024, false, {}});
    late = g.make(Op::ram_read, 1, {input(g, 10, 0)}, 0, 0);
    a = input(g, 1, 1);
    b = input(g, 1, 2);
  }
  NodeId at_least(NodeId condition) { return EarlyCondition(g).at_least(condition); }
};

TEST(EarlyCondition, IsTheConditionItselfWhereNothingIsLate) {
  LateCondition c;
  EXPECT_EQ(c.at_least(c.g.conj(c.a, c.g.inverse(c.b))), c.g.conj(c.a, c.g.inverse(c.b)));
  c.g.memories[0].lut_ram = true;
  EXPECT_EQ(c.at_least(c.late), c.late);
}

TEST(EarlyCondition, HoldsWhateverTheMemoryAnswers) {
  LateCondition c;
  EXPECT_EQ(c.at_least(c.g.conj(c.a, c.late)), c.a);
  EXPECT_EQ(c.at_least(c.g.conj(c.a, c.g.inverse(c.late))), c.a);
  EXPECT_TRUE(c.g.is_ones(c.at_least(c.g.disj(c.a, c.late))));
  // not (late or b) at most not b, and not (late and b) at most 1
  EXPECT_EQ(c.at_least(c.g.inverse(c.g.disj(c.late, c.b))), c.g.inverse(c.b));
  EXPECT_TRUE(c.g.is_ones(c.at_least(c.g.inverse(c.g.conj(c.late, c.b)))));
}

TEST(EarlyCondition, TakesBothSidesOfALateChoice) {
  LateCondition c;
  const NodeId x = input(c.g, 1, 3);
  EXPECT_EQ(c.at_least(c.g.mux(c.late, c.g.conj(c.a, x), c.g.conj(c.b, x))),
            c.g.disj(c.g.conj(c.a, x), c.g.conj(c.b, x)));
}

struct TwoReads {
  Graph g;
  NodeId first, second;

  TwoReads() {
    for (const char* in : {"a", "b", "c", "d"}) g.streams.push_back({in, true, 8, {}, 0, {}});
    g.streams.push_back({"out", false, 8, {}, 4, {}});
    g.memories.push_back({"words", 8, 16, true, {}});
    first = g.make(Op::ram_read, 8, {input(g, 4, 0)}, 0, 0);
    second = g.make(Op::ram_read, 8, {input(g, 4, 1)}, 0, 0);
  }
  long ports(NodeId when_first, NodeId when_second) {
    g.sink(Op::output, {g.constant(1, 1), g.mux(when_first, first, second)}, 4);
    share_memory_ports(g, {{first, when_first}, {second, when_second}});
    return llvm::count_if(g.nodes, [](const Node& n) { return n.op == Op::ram_read; });
  }
};

TEST(MemoryPorts, AreSharedByReadsThatExcludeEachOther) {
  TwoReads t;
  const NodeId c = input(t.g, 1, 2);
  EXPECT_EQ(t.ports(c, t.g.inverse(c)), 1);
  verify(t.g, "share", Numbering::operands_first);
}

TEST(MemoryPorts, AreNotSharedByReadsThatMayHappenTogether) {
  TwoReads t;
  EXPECT_EQ(t.ports(input(t.g, 1, 2), input(t.g, 1, 3)), 2);
}

TEST(MemoryPorts, AreSharedWhereOnlyAPartOfTheConditionDependsOnTheMemory) {
  TwoReads t;
  const NodeId c = input(t.g, 1, 2), hit = t.g.bit(t.first, 0);
  EXPECT_EQ(t.ports(c, t.g.conj(t.g.inverse(c), hit)), 1);
}

TEST(MemoryPorts, AreNotSharedWhereTheChoiceDependsOnTheMemory) {
  TwoReads t;
  t.g.registers.push_back({"hit", 1, APInt(1, 0)});
  const NodeId hit = t.g.make(Op::state, 1, {}, 0, 0);
  t.g.sink(Op::state_next, {t.g.bit(t.first, 0)}, 0);
  EXPECT_EQ(t.ports(hit, t.g.inverse(hit)), 2);
}

TEST(Optimise, RemovesBitsThatNeverChangeOrAreNeverRead) {
  Graph g;
  g.streams.push_back({"out", false, 4, {}, 0, {}});
  g.registers.push_back({"count", 8, APInt(8, 0)});
  const NodeId state = g.make(Op::state, 8, {}, 0, 0), in = input(g, 4, 0);
  g.sink(Op::state_next, {g.concat({in, g.zero(4)})}, 0);  // the upper half stays 0
  g.sink(Op::output, {g.constant(1, 1), g.slice(state, 0, 4)}, 0);
  remove_fixed_storage_bits(g);
  ASSERT_EQ(g.registers.size(), 1U);
  EXPECT_EQ(g.registers[0].width, 4U);
}

/// A graph that writes a where c holds and otherwise the variable t, which is not initialised.
Graph writes_uninitialised(bool always) {
  Graph g;
  g.streams.push_back({"out", false, 8, {}, 0, {}});
  const NodeId a = input(g, 8, 0), c = input(g, 1, 1);
  g.locations.push_back({"kernel.cpp", 7, 3});
  g.current_location = 0;
  g.current_name = "t";
  const NodeId t = g.make(Op::undef, 8, {}, 0, 0);
  g.sink(Op::output, {always ? g.constant(1, 1) : c, g.mux(c, a, t)}, 0);
  flatten(g);
  return g;
}

TEST(Optimise, UninitialisedValuesThatDoNotMatterLeaveNoTrace) {
  Graph g = writes_uninitialised(false);
  EXPECT_THAT(settle_undefined(g), testing::IsEmpty());
  EXPECT_EQ(g[g[g.sinks[0]].in[1]].op, Op::input);
}

TEST(Optimise, UninitialisedValuesThatMatterAreZeroWithAWarning) {
  Graph g = writes_uninitialised(true);
  EXPECT_THAT(settle_undefined(g),
              testing::ElementsAre("kernel.cpp:7:3: warning: 't' may be used uninitialised; it is zero then"));
  const Node& data = g[g[g.sinks[0]].in[1]];
  ASSERT_EQ(data.op, Op::mux);
  EXPECT_EQ(g[data.in[1]].op, Op::input);
  EXPECT_TRUE(g.is_zero(data.in[2]));
}

}  // namespace
}  // namespace sapulse::hlsc
