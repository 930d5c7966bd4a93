// SPDX-License-Identifier: Apache-2.0
// Operations that move to later stages, where that saves registers.
#include <gtest/gtest.h>

#include <algorithm>

#include "schedule/schedule.h"

namespace sapulse::hlsc {
namespace {

constexpr int kLevels = 4;  // as many as a sum of 64 bits takes: one of them a stage

/// Sums of 64 bits in a row. The second one takes `early`, the third one `late`, both of them made of inputs that the
/// next two take, and thus there all the way; the last one takes one that nobody else wants.
struct Row {
  Graph g;
  NodeId x, y, z, early, late, last, out;

  template <class Late>
  explicit Row(Late make_late) {
    g.streams.push_back({"in", true, 320, {}, 0, {}}), g.streams.push_back({"out", false, 1, {}, 1, {}});
    x = g.make(Op::input, 64, {}, 128, 0), y = g.make(Op::input, 64, {}, 192, 0);
    z = g.make(Op::input, 64, {}, 256, 0);
    early = g.conj(x, y), late = make_late(*this);
    NodeId sum = g.add(g.make(Op::input, 64, {}, 0, 0), g.make(Op::input, 64, {}, 64, 0));
    for (const NodeId next : {early, late, x, y, z}) sum = g.add(sum, next);
    last = g.bit(sum, 63);
    out = g.sink(Op::output, {g.constant(1, 1), last}, 1);
  }
};

NodeId word(Row& row) { return row.g.disj(row.x, row.y); }

TEST(Retimer, AWordWaitsForItsUserWhereItsOperandsAreThereAnyway) {
  Row row(word);
  const Schedule asap = schedule(row.g, {kLevels, false}), s = schedule(row.g, {kLevels, true});
  EXPECT_EQ(asap.stage[row.late], 0);
  EXPECT_EQ(asap.moves, 0);
  EXPECT_EQ(s.stage[row.late], 1) << "the stage of its user has no level left";
  EXPECT_EQ(s.moves, 1);
  EXPECT_EQ(s.saved_bits, 64);
  EXPECT_EQ(s.stage[row.out], asap.stage[row.out]);
}

TEST(Retimer, NoStageGetsMoreLevelsThanItHas) {
  Row row(word);
  const Schedule s = schedule(row.g, {kLevels, true});
  EXPECT_EQ(s.stage[row.early], 0) << "its user is in the next stage, and fills it";
  EXPECT_EQ(std::ranges::max(s.stage_levels), kLevels);
}

TEST(Retimer, WhatComesFromOutsideStaysWhereItComes) {
  Row row(word);
  const Schedule s = schedule(row.g, {kLevels, true});
  EXPECT_EQ(s.stage[row.x], 0);
  EXPECT_EQ(s.stage[row.y], 0);
  EXPECT_EQ(s.stage[row.z], 0);
}

TEST(Retimer, TheStageOfAnOutputKeepsALevelForItsQueue) {
  Row row(word);
  row.g.streams.push_back({"words", false, 64, {}, 2, {}});
  const NodeId sum = row.g.add(row.x, row.y);
  const NodeId output = row.g.sink(Op::output, {row.last, sum}, 2);
  const Schedule s = schedule(row.g, {kLevels, true});
  EXPECT_GT(s.stage[sum], 0);
  EXPECT_EQ(s.stage[sum], s.stage[output] - 1);
}

TEST(Retimer, ASingleBitIsWorthIt) {
  NodeId bit = 0;
  Row row([&](Row& made) {
    bit = made.g.conj(made.g.bit(made.x, 0), made.g.bit(made.y, 0));
    return made.g.zext(bit, 64);
  });
  const Schedule s = schedule(row.g, {kLevels, true});
  EXPECT_EQ(s.stage[bit], 1);
  EXPECT_EQ(s.saved_bits, 1);
}

}  // namespace
}  // namespace sapulse::hlsc
