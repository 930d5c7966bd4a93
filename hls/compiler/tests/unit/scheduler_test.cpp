// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "graph/demand.h"
#include "schedule/delay.h"
#include "schedule/recurrence.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {
namespace {

/// A kernel with one output of a value, in terms of n single-bit inputs.
struct Example {
  Graph g;
  Example() { g.streams.push_back({"in", true, 512, {}, 0, {}}), g.streams.push_back({"out", false, 1, {}, 1, {}}); }
  NodeId in(unsigned n) { return g.make(Op::input, 1, {}, n, 0); }
  NodeId wide_xor(unsigned n) {
    SmallVector<NodeId, 8> v;
    for (unsigned i = 0; i < n; i++) v.push_back(in(i));
    return g.gate(Op::bit_xor, v);
  }
  NodeId output(NodeId v) { return g.sink(Op::output, {g.constant(1, 1), v}, 1); }
};

TEST(Scheduler, OneStageWhereTheBudgetAllows) {
  Example e;
  const NodeId out = e.output(e.wide_xor(36));
  const Schedule s = schedule(e.g, {4, true});
  EXPECT_EQ(s.stage[out], 0);
  EXPECT_TRUE(s.violations.empty());
}

TEST(Scheduler, AWordMayNeedTheWholeStageInWhichItIsWritten) {
  Example e;
  const NodeId out = e.output(e.wide_xor(36));  // two levels
  const Schedule roomy = schedule(e.g, {3, true}), tight = schedule(e.g, {2, true});
  EXPECT_EQ(roomy.stage[out], 0);
  EXPECT_TRUE(roomy.late_outputs.empty());
  EXPECT_EQ(tight.stage[out], 0);
  EXPECT_EQ(tight.late_outputs, std::set<NodeId>{out});
}

TEST(Scheduler, WhetherAWordIsWrittenIsALevel) {
  Example e;
  const NodeId out = e.g.sink(Op::output, {e.wide_xor(36), e.in(0)}, 1);
  EXPECT_EQ(schedule(e.g, {3, true}).stage[out], 0);
  EXPECT_EQ(schedule(e.g, {2, true}).stage[out], 1);
}

TEST(Scheduler, WideGatesAreSplitAtStageBorders) {
  Example e;
  e.output(e.wide_xor(216));
  const Schedule s = schedule(e.g, {2, true});
  EXPECT_GE(s.last_stage, 1);
  for (int levels : s.stage_levels) EXPECT_LE(levels, 2);
  EXPECT_TRUE(s.violations.empty());
}

TEST(Scheduler, WhatASplitGateDependsOnIsStillWanted) {
  Example e;
  SmallVector<NodeId, 8> products;
  for (unsigned i = 0; i < 100; i++) products.push_back(e.g.conj(e.in(2 * i), e.in(2 * i + 1)));
  e.output(e.g.gate(Op::bit_xor, products));
  const std::vector<APInt> before = demanded_bits(e.g);
  const auto nodes = e.g.nodes.size();
  schedule(e.g, {2, true});
  ASSERT_GT(e.g.nodes.size(), nodes) << "the gate has been split";
  const std::vector<APInt> after = demanded_bits(e.g);
  for (std::size_t i = 0; i < before.size(); i++) EXPECT_EQ(after[i], before[i]) << "node " << i;
}

TEST(Scheduler, OperandsComeBeforeTheirUsers) {
  Example e;
  NodeId v = e.wide_xor(200);
  for (int i = 0; i < 10; i++) v = e.g.mux(e.in(300 + i), e.g.inverse(v), e.in(400 + i));
  e.output(v);
  const Schedule s = schedule(e.g, {1, true});
  for (NodeId i = 0; i < e.g.size(); i++) {
    if (s.stage[i] < 0) continue;
    for (NodeId k : e.g[i].in) {
      if (s.stage[k] >= 0) EXPECT_LE(s.stage[k], s.stage[i]);
    }
  }
}

TEST(Scheduler, ARecurrenceStaysInOneStageAndIsReported) {
  Example e;
  e.g.registers.push_back({"sum", 64, APInt(64, 0)});
  const NodeId state = e.g.make(Op::state, 64, {}, 0, 0);
  const NodeId next = e.g.add(state, e.g.make(Op::input, 64, {}, 0, 0));
  e.g.sink(Op::state_next, {next}, 0);
  e.output(e.g.bit(next, 63));
  const Schedule s = schedule(e.g, {2, true});
  ASSERT_EQ(s.recurrences.size(), 1U);
  EXPECT_EQ(s.recurrences[0].names, "sum");
  EXPECT_GT(s.recurrences[0].levels, 2);
  EXPECT_EQ(s.stage[state], s.stage[next]);
  EXPECT_EQ(s.violations.size(), 1U);
}

TEST(Scheduler, ResultsOfModulesComeAfterTheirLatency) {
  Example e;
  SubModule m;
  m.name = "product";
  m.width = 1;
  m.latency = 3;
  m.input_levels = 2;
  m.output_levels = 2;
  m.operands = {{"a", 1}};
  e.g.modules.push_back(m);
  const NodeId call = e.g.make(Op::call, 1, {e.in(0)}, 0, 0);
  const NodeId out = e.output(call);
  const Schedule s = schedule(e.g, {4, true});
  EXPECT_EQ(s.stage[call], 3);
  EXPECT_EQ(s.stage[out], 3);
}

/// A table of 16 words, read at four inputs.
NodeId lookup(Graph& g, NodeId address, bool block_ram) {
  g.tables.push_back({"table", 1, std::vector<APInt>(16, APInt(1, 1)), block_ram});
  return g.make(Op::rom, 1, {address}, 0, static_cast<int>(g.tables.size()) - 1);
}

TEST(Scheduler, ATableInBlockRamTakesACycle) {
  for (const bool block_ram : {false, true}) {
    Example e;
    const NodeId word = lookup(e.g, e.g.concat({e.in(0), e.in(1), e.in(2), e.wide_xor(36)}), block_ram);
    const NodeId out = e.output(e.g.parity(word, e.in(4)));
    const Schedule s = schedule(e.g, {5, true});
    EXPECT_EQ(s.stage[word], block_ram ? 1 : 0);
    EXPECT_EQ(s.stage[out], block_ram ? 1 : 0);
    // the address may have the whole stage in front of the RAM, and a LUT has room behind it
    EXPECT_EQ(s.stage_levels[0], block_ram ? 2 : 2 + delay::rom_levels(4) + 1);
    if (block_ram) EXPECT_EQ(s.stage_levels[1], delay::kBlockRamOutput + 1);
  }
}

TEST(Scheduler, ATableInBlockRamCannotBeInARecurrenceOfACycle) {
  for (const int interval : {1, 2}) {
    Example e;
    e.g.registers.push_back({"y", 4, APInt(4, 0)});
    const NodeId y = e.g.make(Op::state, 4, {}, 0, 0);
    const NodeId word = lookup(e.g, y, true);
    e.g.sink(Op::state_next, {e.g.concat({word, e.in(0), e.in(1), e.in(2)})}, 0);
    e.output(word);
    if (interval == 1) {
      EXPECT_THROW(schedule(e.g, {4, true, interval}), RecurrenceError);
    } else {
      EXPECT_TRUE(schedule(e.g, {4, true, interval}).violations.empty());
    }
  }
}

TEST(Scheduler, RefusesAReadThatDependsOnALatency) {
  Example e;
  SubModule m;
  m.latency = 1;
  m.width = 1;
  e.g.modules.push_back(m);
  e.g.sink(Op::read, {e.g.make(Op::call, 1, {e.in(0)}, 0, 0)}, 0);
  EXPECT_THROW(schedule(e.g, {4, true}), Error);
}

/// sum = sum + in + .. : a recurrence of some sums of four levels each, one after the other.
struct Recurrence4 : Example {
  NodeId state, next, last;
  explicit Recurrence4(int sums) {
    g.registers.push_back({"sum", 64, APInt(64, 0)});
    next = state = g.make(Op::state, 64, {}, 0, 0);
    for (int i = 0; i < sums; i++) next = g.add(next, g.make(Op::input, 64, {}, static_cast<unsigned>(64 * i), 0));
    last = g.sink(Op::state_next, {next}, 0);
    output(g.bit(next, 63));
  }
};

TEST(Scheduler, ARecurrenceTakesAsManyCyclesAsThereAreBetweenIterations) {
  Recurrence4 e(3);
  const Schedule s = schedule(e.g, {4, true, 3});
  EXPECT_TRUE(s.violations.empty());
  ASSERT_EQ(s.recurrences.size(), 1U);
  EXPECT_EQ(s.recurrences[0].cycles, 3);
  EXPECT_EQ(s.stage[e.state], 0);
  EXPECT_EQ(s.stage[e.last], 2);
  EXPECT_EQ(s.held_until[e.state], 2) << "the register keeps its value until it takes the next one";
}

TEST(Scheduler, ARecurrenceThatIsTooLongGetsFewerCyclesOfMoreLevels) {
  Recurrence4 e(3);
  const Schedule s = schedule(e.g, {4, true, 2});
  ASSERT_EQ(s.violations.size(), 1U);
  EXPECT_GT(s.violations[0].recurrence_levels, 4);
  EXPECT_LE(s.stage[e.last] - s.stage[e.state], 1) << "it is right all the same";
  EXPECT_EQ(sufficient_interval(e.g, {4, true, 2}), 3);
}

TEST(Scheduler, ASmallerClockIsAllThatHelpsASlowOperation) {
  Example e;
  e.g.registers.push_back({"sum", 64, APInt(64, 0)});
  const NodeId next = e.g.add(e.g.make(Op::state, 64, {}, 0, 0), e.g.make(Op::input, 64, {}, 0, 0));
  e.g.sink(Op::state_next, {next}, 0);
  e.output(e.g.bit(next, 63));
  EXPECT_EQ(sufficient_interval(e.g, {2, true}), 0);
  EXPECT_EQ(advice(e.g, {2, true}, 4), "; a clock of 333 MHz would do");
  EXPECT_EQ(delay::levels_for(333), 4);
}

/// A memory whose next word depends on the one that is read, through some sums.
struct MemoryLoop : Example {
  NodeId read, write;
  MemoryLoop(int sums, bool lut_ram) {
    g.memories.push_back({"words", 64, 16, lut_ram, {}});
    NodeId v = read = g.make(Op::ram_read, 64, {g.make(Op::input, 4, {}, 500, 0)}, 0, 0);
    for (int i = 0; i < sums; i++) v = g.add(v, g.make(Op::input, 64, {}, static_cast<unsigned>(64 * i), 0));
    write = g.sink(Op::ram_write, {in(510), g.make(Op::input, 4, {}, 504, 0), v}, 0);
  }
};

TEST(Scheduler, AMemoryIsWrittenBeforeTheNextIterationReadsIt) {
  for (const bool lut_ram : {false, true}) {
    MemoryLoop e(2, lut_ram);
    const Schedule s = schedule(e.g, {4, true, 3});
    EXPECT_TRUE(s.violations.empty());
    EXPECT_GE(s.stage[e.write], s.stage[e.read]) << "an iteration does not see what it writes itself";
    EXPECT_LE(s.stage[e.write], s.stage[e.read] + 2) << "the next one does";
  }
}

/// Where to read comes out of a sum of the loop, what is written from outside: the write could come first.
TEST(Scheduler, AnIterationReadsAMemoryBeforeItWritesWhateverItWrites) {
  for (const bool lut_ram : {false, true}) {
    Example e;
    e.g.memories.push_back({"words", 64, 16, lut_ram, {}});
    e.g.registers.push_back({"place", 64, APInt(64, 0)});
    const NodeId place = e.g.add(e.g.make(Op::state, 64, {}, 0, 0), e.g.make(Op::input, 64, {}, 0, 0));
    const NodeId read = e.g.make(Op::ram_read, 64, {e.g.slice(place, 60, 4)}, 0, 0);
    const NodeId next = e.g.add(read, e.g.make(Op::input, 64, {}, 64, 0));
    e.g.sink(Op::state_next, {next}, 0);
    const NodeId write = e.g.sink(
        Op::ram_write, {e.in(510), e.g.make(Op::input, 4, {}, 504, 0), e.g.make(Op::input, 64, {}, 128, 0)}, 0);
    e.output(e.g.bit(read, 63));
    const Schedule s = schedule(e.g, {4, true, 5});
    EXPECT_TRUE(s.violations.empty());
    EXPECT_GT(s.stage[read], s.stage[place]);
    EXPECT_GT(s.stage[next], s.stage[read]);
    EXPECT_EQ(s.stage[write], s.stage[read]);
  }
}

TEST(Scheduler, ALoopOfMoreLevelsLeavesTheOtherStagesAsTheyAre) {
  Recurrence4 e(3);
  const NodeId first = e.g.add(e.next, e.g.make(Op::input, 64, {}, 256, 0));
  const NodeId second = e.g.add(first, e.g.make(Op::input, 64, {}, 320, 0));
  e.output(e.g.bit(second, 63));
  const Schedule s = schedule(e.g, {4, true, 2});
  EXPECT_EQ(s.violations.size(), 1U);
  EXPECT_EQ(s.stage[first], s.stage[e.next] + 1) << "each sum takes a stage";
  EXPECT_EQ(s.stage[second], s.stage[first] + 1);
}

TEST(Scheduler, ALatencyThatIsLongerThanTheIntervalIsRefused) {
  Example e;
  SubModule m;
  m.name = "scramble";
  m.width = 1;
  m.latency = 3;
  m.operands = {{"a", 1}};
  e.g.modules.push_back(m);
  e.g.registers.push_back({"bit", 1, APInt(1, 0)});
  const NodeId next = e.g.parity(e.g.make(Op::call, 1, {e.g.make(Op::state, 1, {}, 0, 0)}, 0, 0), e.in(0));
  e.g.sink(Op::state_next, {next}, 0);
  e.output(next);
  EXPECT_THROW(schedule(e.g, {4, true, 3}), RecurrenceError);
  EXPECT_EQ(schedule(e.g, {4, true, 4}).recurrences[0].cycles, 4);
}

}  // namespace
}  // namespace sapulse::hlsc
