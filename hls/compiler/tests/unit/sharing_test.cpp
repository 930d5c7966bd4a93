// SPDX-License-Identifier: Apache-2.0
// Calls of one module on shared instances: how many, when, on which one, and where results are kept.
#include "schedule/sharing.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "schedule/binding.h"
#include "schedule/reservations.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {
namespace {

constexpr unsigned kWidth = 8;

/// A kernel that calls a module of one level.
struct Calls {
  Graph g;
  explicit Calls(long luts = 100) {
    g.streams.push_back({"in", true, 512, {}, 0, {}});
    g.streams.push_back({"out", false, kWidth, {}, 1, {}});
    SubModule m;
    m.name = "scramble";
    m.width = kWidth;
    m.operands = {{"a", kWidth}};
    m.input_levels = m.output_levels = 1;
    m.luts = luts;
    g.modules.push_back(m);
  }
  NodeId in(unsigned n) { return g.make(Op::input, kWidth, {}, kWidth * n, 0); }
  NodeId call(NodeId operand) { return g.make(Op::call, kWidth, {operand}, 0, 0); }
  void output(NodeId v) { g.sink(Op::output, {g.constant(1, 1), v}, 1); }

  /// Calls next to each other, whose results are added bit by bit.
  std::vector<NodeId> side_by_side(unsigned count) {
    std::vector<NodeId> calls;
    SmallVector<NodeId, 8> results;
    for (unsigned i = 0; i < count; i++) results.push_back(calls.emplace_back(call(in(i))));
    output(g.gate(Op::bit_xor, results));
    return calls;
  }
  /// Calls of each other's results.
  std::vector<NodeId> chain(unsigned count) {
    std::vector<NodeId> calls;
    for (unsigned i = 0; i < count; i++) calls.push_back(call(i ? calls.back() : in(0)));
    output(calls.back());
    return calls;
  }
};

/// No instance is called twice in a phase, and no register holds two results at once.
void expect_no_conflict(const Schedule& s, const std::vector<NodeId>& calls) {
  std::set<std::pair<int, int>> busy;
  std::set<std::tuple<int, int, int>> held;
  for (NodeId i : calls) {
    EXPECT_TRUE(busy.insert({s.instance[i], s.stage[i] % s.interval}).second) << "call " << i;
    for (int stage = s.stage[i]; stage <= s.held_until[i]; stage++) {
      EXPECT_TRUE(held.insert({s.instance[i], s.result_register[i], stage % s.interval}).second) << "result " << i;
    }
  }
}

TEST(Sharing, AsFewInstancesAsTheIntervalAllows) {
  for (const int interval : {2, 3, 5, 16}) {
    Calls e;
    const std::vector<NodeId> calls = e.side_by_side(11);
    const Schedule s = schedule(e.g, {4, true, interval});
    EXPECT_EQ(e.g.modules[0].instances, (11 + interval - 1) / interval);
    for (NodeId i : calls) EXPECT_LT(s.instance[i], e.g.modules[0].instances);
    expect_no_conflict(s, calls);
  }
}

TEST(Sharing, EveryCallHasAnInstanceOfItsOwnWhereAnIterationStartsEveryCycle) {
  Calls e;
  const std::vector<NodeId> calls = e.side_by_side(3);
  const Schedule s = schedule(e.g, {4, true});
  EXPECT_EQ(e.g.modules[0].instances, 0);
  for (NodeId i : calls) EXPECT_EQ(s.instance[i], -1);
}

TEST(Sharing, NotWhereMultiplexersAreLarger) {
  Calls e(3);
  e.side_by_side(4);
  schedule(e.g, {4, true, 4});
  EXPECT_EQ(e.g.modules[0].instances, 0);
}

TEST(Sharing, NotWhatDecidesAboutReads) {
  Calls e;
  const NodeId full = e.g.make(Op::state, kWidth, {}, 0, 0);
  e.g.registers.push_back({"turn", kWidth, APInt(kWidth, 0)});
  e.g.sink(Op::state_next, {e.in(0)}, 0);
  e.g.sink(Op::read, {e.g.bit(e.call(full), 0)}, 0);
  e.output(e.call(e.in(1)));
  const Schedule s = schedule(e.g, {4, true, 4});
  EXPECT_EQ(e.g.modules[0].instances, 0);
  EXPECT_TRUE(s.violations.empty());
}

TEST(Sharing, AChainNeedsOneRegister) {
  Calls e;
  const std::vector<NodeId> calls = e.chain(5);
  const Schedule s = schedule(e.g, {4, true, 8});
  for (std::size_t k = 0; k < calls.size(); k++) {
    EXPECT_EQ(s.stage[calls[k]], s.stage[calls[0]] + static_cast<int>(k)) << "a call in each cycle";
    EXPECT_EQ(s.result_register[calls[k]], 0);
  }
  expect_no_conflict(s, calls);
}

TEST(Sharing, CallsStayWithTheInstanceThatTheirOperandsComeFrom) {
  Calls e;
  std::map<NodeId, NodeId> before;
  SmallVector<NodeId, 8> ends;
  for (unsigned lane = 0; lane < 3; lane++) {
    NodeId v = e.call(e.in(lane));
    for (int i = 0; i < 3; i++) {
      const NodeId next = e.call(e.g.parity(v, e.in(lane + 10)));
      before[next] = v;
      v = next;
    }
    ends.push_back(v);
  }
  e.output(e.g.gate(Op::bit_xor, ends));
  const Schedule s = schedule(e.g, {4, true, 4});
  EXPECT_EQ(e.g.modules[0].instances, 3);
  for (const auto& [call, operand] : before) EXPECT_EQ(s.instance[call], s.instance[operand]);
}

TEST(Sharing, AResultThatLivesLongerThanTheIntervalIsPassedOn) {
  Calls e;
  const std::vector<NodeId> calls = e.chain(9);
  e.g.sinks.clear();
  e.output(e.g.parity(calls.front(), calls.back()));
  const Schedule s = schedule(e.g, {4, true, 4});
  EXPECT_EQ(e.g.modules[0].instances, 3);
  EXPECT_EQ(s.held_until[calls.front()], s.stage[calls.front()] + 3);
  expect_no_conflict(s, calls);
}

TEST(Sharing, OperandsAreHeldWhereAStageHasNoLevelsForBothMultiplexerAndModule) {
  for (const int levels : {1, 2}) {
    Calls e;
    e.side_by_side(3);
    const Schedule s = schedule(e.g, {levels, true, 4});
    EXPECT_EQ(e.g.modules[0].holds_operands, levels == 1);
    EXPECT_EQ(e.g.modules[0].latency, levels == 1 ? 2 : 1);
    EXPECT_TRUE(s.violations.empty());
  }
}

/// accumulate = call(call(accumulate ^ in)).
struct LoopOfCalls : Calls {
  std::vector<NodeId> calls;
  LoopOfCalls() {
    g.registers.push_back({"sum", kWidth, APInt(kWidth, 0)});
    calls.push_back(call(g.parity(g.make(Op::state, kWidth, {}, 0, 0), in(0))));
    calls.push_back(call(calls[0]));
    g.sink(Op::state_next, {calls[1]}, 0);
    output(calls[1]);
  }
};

TEST(Sharing, ARecurrenceSharesIfItCanWaitForTheRegisters) {
  LoopOfCalls e;
  const Schedule s = schedule(e.g, {4, true, 3});
  EXPECT_EQ(e.g.modules[0].instances, 1);
  EXPECT_EQ(s.recurrences[0].cycles, 3);
  expect_no_conflict(s, e.calls);
}

TEST(Sharing, ARecurrenceKeepsItsModulesIfItCannotWait) {
  LoopOfCalls e;
  const Schedule s = schedule(e.g, {4, true, 2});
  EXPECT_EQ(e.g.modules[0].instances, 0);
  EXPECT_TRUE(s.violations.empty());
}

TEST(Sharing, MultipliersOfOneWidth) {
  Calls e;
  SmallVector<NodeId, 8> products;
  for (unsigned i = 0; i < 4; i++) products.push_back(e.g.mul(e.in(2 * i), e.in(2 * i + 1)));
  e.output(e.g.gate(Op::bit_xor, products));
  schedule(e.g, {9, true, 4});
  ASSERT_EQ(e.g.modules.size(), 2U);
  EXPECT_TRUE(e.g.modules[1].is_product);
  EXPECT_EQ(e.g.modules[1].instances, 1);
  for (NodeId i : products) EXPECT_EQ(e.g[i].op, Op::call);
}

TEST(Reservations, AnInstanceIsTakenForOnePhase) {
  Calls e;
  e.g.modules[0].instances = 2;
  const NodeId a = e.call(e.in(0)), other = e.in(1);
  Reservations r(e.g, 3);
  r.take(a, 4);
  EXPECT_TRUE(r.is_free(a, 1)) << "there is another one";
  r.take(a, 7);
  EXPECT_FALSE(r.is_free(a, 1));
  EXPECT_EQ(r.next_free(a, 10), 11);
  EXPECT_EQ(r.next_free(other, 10), 10);
  r.release(a, 1);
  EXPECT_TRUE(r.is_free(a, 13));
}

}  // namespace
}  // namespace sapulse::hlsc
