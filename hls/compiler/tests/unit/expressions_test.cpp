// SPDX-License-Identifier: Apache-2.0
// What expressions look like in the text, where that decides what tools make of them. That they compute the right
// values is tested by co-simulation (hlsc.cosim, hlsc.random) and proved of the kernels.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emit/emit.h"
#include "schedule/schedule.h"

namespace sapulse::hlsc {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A kernel whose output is a value in terms of its input.
struct Example {
  Graph g;
  explicit Example(unsigned width) {
    g.streams.push_back({"in", true, 64, {}, 0, {}});
    g.streams.push_back({"out", false, width, {}, 1, {}});
  }
  NodeId in(unsigned lo, unsigned width) { return g.make(Op::input, width, {}, lo, 0); }
  std::string text(NodeId value) {
    g.sink(Op::output, {g.constant(1, 1), value}, 1);
    return emit_kernel(g, schedule(g, {}), "example").text;
  }
};

TEST(Expressions, ASumOfSixInputsIsWrittenAsGates) {
  Example e(6);
  EXPECT_THAT(e.text(e.g.add(e.in(0, 6), e.g.constant(6, 0b101011))), Not(HasSubstr(" + ")));
}

TEST(Expressions, ADifferenceOfSixInputsIsWrittenAsGates) {
  Example e(3);
  EXPECT_THAT(e.text(e.g.sub(e.in(0, 3), e.in(3, 3))), Not(HasSubstr(" - ")));
}

TEST(Expressions, ALongerSumIsLeftToTheCarryChain) {
  Example e(4);
  EXPECT_THAT(e.text(e.g.add(e.in(0, 4), e.in(4, 4))), HasSubstr(" + "));
}

TEST(Expressions, AnXorOfManyIsWrittenInTheGroupsOfItsLuts) {
  Example e(1);
  SmallVector<NodeId, 8> bits;
  for (unsigned i = 0; i < 8; i++) bits.push_back(e.in(i, 1));
  EXPECT_THAT(e.text(e.g.gate(Op::bit_xor, bits)),
              HasSubstr("= (input_0 ^ input_1 ^ input_2 ^ input_3 ^ input_4 ^ input_5) ^ (input_6 ^ input_7);"));
}

/// Bit 7 of all and bits below of fewer: the groups are those of bit 7, and what bit 7 does not depend on is there,
/// too.
TEST(Expressions, AnXorOfManyHasAllOperands) {
  Example e(9);
  SmallVector<NodeId, 8> words;
  for (unsigned i = 0; i < 8; i++) words.push_back(e.g.concat({e.g.zero(i), e.in(8 * i, 8 - i), e.g.zero(1)}));
  const NodeId last = e.in(63, 1);
  words.push_back(e.g.concat({e.g.zero(8), last}));
  EXPECT_THAT(e.text(e.g.gate(Op::bit_xor, words)), HasSubstr("= {input_" + std::to_string(last) + ", 8'h0} ^ (("));
}

}  // namespace
}  // namespace sapulse::hlsc
