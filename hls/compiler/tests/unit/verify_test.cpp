// SPDX-License-Identifier: Apache-2.0
// Each invariant of the graph, broken once by hand.
#include "graph/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/dump.h"

namespace sapulse::hlsc {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A graph of every kind of node, without a fault. Tests spoil one of its nodes.
struct Example {
  Graph g;
  NodeId head, empty, full, argument, state, ram_read, rom, call, inverse, gate, sum, equal, mux, slice, concat,
      constant;
  NodeId read, output, next, write, check, port, wait;

  Example() {
    g.streams.push_back({"in", true, 8, {}, 0, {}});
    g.streams.push_back({"out", false, 8, {}, 1, {}});
    g.registers.push_back({"count", 8, APInt(8, 0)});
    g.memories.push_back({"memory", 8, 16, true, {}});
    g.tables.push_back({"table", 8, std::vector<APInt>(4, APInt(8, 1))});
    g.arguments.push_back({"scale", 8});
    g.outputs.push_back({"total", 8});
    g.locations.push_back({"kernel.cpp", 3, 1});
    SubModule m;
    m.name = "square";
    m.width = 8;
    m.operands = {{"a", 8}};
    g.modules.push_back(m);
    g.current_location = 0;
    head = g.make(Op::input, 8, {}, 0, 0);
    empty = g.make(Op::empty, 1, {}, 0, 0);
    full = g.make(Op::full, 1, {}, 0, 1);
    argument = g.make(Op::argument, 8, {}, 0, 0);
    state = g.make(Op::state, 8, {}, 0, 0);
    slice = g.make(Op::slice, 4, {head}, 4);
    ram_read = g.make(Op::ram_read, 8, {slice}, 0, 0);
    rom = g.make(Op::rom, 8, {g.make(Op::slice, 2, {head}, 0)}, 0, 0);
    call = g.make(Op::call, 8, {argument}, 0, 0);
    inverse = g.make(Op::bit_not, 8, {state});
    gate = g.make(Op::bit_xor, 8, {inverse, ram_read, rom});
    g.current_name = "total";
    sum = g.make(Op::add, 8, {gate, call});
    g.current_name.clear();
    equal = g.make(Op::equal, 1, {sum, head});
    mux = g.make(Op::mux, 8, {equal, sum, head});
    concat = g.make(Op::concat, 8, {slice, slice});
    constant = g.constant(1, 1);
    read = g.sink(Op::read, {constant}, 0);
    output = g.sink(Op::output, {constant, mux, full}, 1);
    next = g.sink(Op::state_next, {concat}, 0);
    write = g.sink(Op::ram_write, {empty, slice, sum}, 0);
    check = g.sink(Op::check, {equal}, 0);
    port = g.sink(Op::port, {equal, sum}, 0);
    wait = g.sink(Op::wait, {equal}, 1);
  }
};

std::string complaint(const Graph& g, Numbering numbering = Numbering::operands_first) {
  try {
    verify(g, "flatten", numbering);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Verify, AcceptsTheExample) {
  EXPECT_EQ(complaint(Example().g), "");
  EXPECT_EQ(complaint(Example().g, Numbering::free), "");
}

TEST(Verify, NamesPassNodeRuleAndPlace) {
  Example e;
  e.g[e.sum].width = 9;
  EXPECT_EQ(complaint(e.g), "kernel.cpp:3:1: error: internal error: after pass 'flatten': node " +
                                std::to_string(e.sum) + ", sum 'total': width of an operand");
}

struct Fault {
  const char* name;
  void (*spoil)(Example& e);
  NodeId Example::* node;
  const char* rule;
};

void PrintTo(const Fault& f, std::ostream* out) { *out << f.name; }

class Invariant : public testing::TestWithParam<Fault> {};

TEST_P(Invariant, IsChecked) {
  Example e;
  GetParam().spoil(e);
  const std::string node = "node " + std::to_string(e.*GetParam().node) + ", ";
  EXPECT_THAT(complaint(e.g), AllOf(HasSubstr(node), HasSubstr(GetParam().rule)));
}

const Fault kFaults[] = {
    {"OperandMissing", [](Example& e) { e.g[e.inverse].in[0] = kNoNode; }, &Example::inverse, "operands exist"},
    {"OperandBeyond", [](Example& e) { e.g[e.inverse].in[0] = e.g.size(); }, &Example::inverse, "operands exist"},
    {"OperandIsASink", [](Example& e) { e.g[e.inverse].in[0] = e.read; }, &Example::inverse,
     "a sink is nobody's operand"},
    {"OperandAfterItsUser", [](Example& e) { e.g[e.inverse].in[0] = e.sum; }, &Example::inverse,
     "operands come before their user"},
    {"ValueWithoutBits", [](Example& e) { e.g[e.sum].width = 0; }, &Example::sum, "a value has bits"},
    {"SinkWithBits", [](Example& e) { e.g[e.read].width = 1; }, &Example::read, "a sink has none"},
    {"SourceWithOperand", [](Example& e) { e.g[e.state].in = {e.head}; }, &Example::state, "number of operands"},
    {"InputBeyondTheStream", [](Example& e) { e.g[e.head].lo = 1; }, &Example::head, "bits that the stream has"},
    {"InputOfAnOutput", [](Example& e) { e.g[e.head].aux = 1; }, &Example::head, "it is about an input stream"},
    {"InputOfNoStream", [](Example& e) { e.g[e.head].aux = 2; }, &Example::head, "what it refers to is declared"},
    {"EmptyIsABit", [](Example& e) { e.g[e.empty].width = 2; }, &Example::empty, "width of the result"},
    {"EmptyOfAnOutput", [](Example& e) { e.g[e.empty].aux = 1; }, &Example::empty, "it is about an input stream"},
    {"ArgumentOfAnotherWidth", [](Example& e) { e.g.arguments[0].width = 7; }, &Example::argument,
     "width of the result"},
    {"StateOfNoRegister", [](Example& e) { e.g[e.state].aux = -1; }, &Example::state, "what it refers to is declared"},
    {"StateOfAnotherWidth", [](Example& e) { e.g[e.state].width = 7; }, &Example::state, "width of the result"},
    {"MemoryOfAnotherWidth", [](Example& e) { e.g.memories[0].width = 9; }, &Example::ram_read, "width of the result"},
    {"MemoryOfAnotherDepth", [](Example& e) { e.g.memories[0].depth = 17; }, &Example::ram_read,
     "the bits that the depth needs"},
    {"TableOfAnotherLength", [](Example& e) { e.g.tables[0].words.pop_back(), e.g.tables[0].words.pop_back(); },
     &Example::rom, "the bits that the depth needs"},
    {"CallOfNoModule", [](Example& e) { e.g[e.call].aux = 1; }, &Example::call, "what it refers to is declared"},
    {"CallWithoutOperand", [](Example& e) { e.g[e.call].in.clear(); }, &Example::call, "number of operands"},
    {"CallOfAnotherOperand", [](Example& e) { e.g.modules[0].operands[0].width = 9; }, &Example::call,
     "width of an operand"},
    {"CallOfAnotherResult", [](Example& e) { e.g.modules[0].width = 9; }, &Example::call, "width of the result"},
    {"InverseOfAnotherWidth", [](Example& e) { e.g[e.inverse].in[0] = e.slice; }, &Example::inverse,
     "width of an operand"},
    {"GateOfOne", [](Example& e) { e.g[e.gate].in.resize(1); }, &Example::gate, "number of operands"},
    {"GateOfUnequalOperands", [](Example& e) { e.g[e.gate].in[2] = e.slice; }, &Example::gate, "width of an operand"},
    {"SumOfThree", [](Example& e) { e.g[e.sum].in.push_back(e.head); }, &Example::sum, "number of operands"},
    {"SumOfUnequalOperands", [](Example& e) { e.g[e.sum].in[1] = e.slice; }, &Example::sum, "width of an operand"},
    {"EqualOfUnequalWidths", [](Example& e) { e.g[e.equal].in[1] = e.slice; }, &Example::equal, "width of an operand"},
    {"EqualIsABit", [](Example& e) { e.g[e.equal].width = 8; }, &Example::equal, "width of the result"},
    {"MuxOfAWideCondition", [](Example& e) { e.g[e.mux].in[0] = e.head; }, &Example::mux, "width of an operand"},
    {"MuxOfUnequalValues", [](Example& e) { e.g[e.mux].in[2] = e.slice; }, &Example::mux, "width of an operand"},
    {"SliceBeyondItsOperand", [](Example& e) { e.g[e.slice].lo = 5; }, &Example::slice, "bits that the operand has"},
    {"ConcatOfAnotherSum", [](Example& e) { e.g[e.concat].in.push_back(e.empty); }, &Example::concat,
     "width of the result"},
    {"ConstantOfAnotherWidth", [](Example& e) { e.g[e.constant].value = APInt(2, 1); }, &Example::constant,
     "width of the value"},
    {"ReadOfAnOutput", [](Example& e) { e.g[e.read].aux = 1; }, &Example::read, "it is about an input stream"},
    {"ReadOnAWideCondition", [](Example& e) { e.g[e.read].in[0] = e.head; }, &Example::read, "width of an operand"},
    {"OutputToAnInput", [](Example& e) { e.g[e.output].aux = 0; }, &Example::output, "it is about an output stream"},
    {"OutputOfAnotherWidth", [](Example& e) { e.g[e.output].in[1] = e.slice; }, &Example::output,
     "width of an operand"},
    {"OutputWithoutData", [](Example& e) { e.g[e.output].in.resize(1); }, &Example::output, "number of operands"},
    {"OutputWithAWideReservation", [](Example& e) { e.g[e.output].in[2] = e.sum; }, &Example::output,
     "width of an operand"},
    {"FullOfAnInput", [](Example& e) { e.g[e.full].aux = 0; }, &Example::full, "it is about an output stream"},
    {"WideFull", [](Example& e) { e.g[e.full].width = 8; }, &Example::full, "width of the result"},
    {"NextOfAnotherWidth", [](Example& e) { e.g[e.next].in[0] = e.slice; }, &Example::next, "width of an operand"},
    {"WriteOfAnotherWidth", [](Example& e) { e.g[e.write].in[2] = e.slice; }, &Example::write, "width of an operand"},
    {"WriteToAnotherAddress", [](Example& e) { e.g[e.write].in[1] = e.head; }, &Example::write,
     "the bits that the depth needs"},
    {"WaitForAnInput", [](Example& e) { e.g[e.wait].aux = 0; }, &Example::wait, "it is about an output stream"},
    {"WideCheck", [](Example& e) { e.g[e.check].in[0] = e.sum; }, &Example::check, "width of an operand"},
    {"PortOfAnotherWidth", [](Example& e) { e.g[e.port].in[1] = e.slice; }, &Example::port, "width of an operand"},
    {"PortThatIsNotDeclared", [](Example& e) { e.g[e.port].aux = 1; }, &Example::port, "what it refers to is declared"},
    {"SinkNotListed", [](Example& e) { e.g.sinks.pop_back(); }, &Example::wait, "every sink is listed"},
    {"SinkListedTwice", [](Example& e) { e.g.sinks.push_back(e.read); }, &Example::read, "a sink is listed once"},
    {"ValueListedAsSink", [](Example& e) { e.g.sinks.push_back(e.sum); }, &Example::sum,
     "only sinks are listed as such"},
};

INSTANTIATE_TEST_SUITE_P(Verify, Invariant, testing::ValuesIn(kFaults),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

TEST(Verify, ConcatenationsAreNotNested) {
  Example e;
  const NodeId nested = e.g.make(Op::concat, 9, {e.concat, e.constant});
  EXPECT_THAT(complaint(e.g),
              AllOf(HasSubstr("node " + std::to_string(nested) + ","), HasSubstr("concatenations are not nested")));
}

TEST(Verify, NothingIsReadOrWrittenTwice) {
  for (const Op op : {Op::read, Op::output, Op::state_next, Op::ram_write}) {
    Example e;
    const auto first = std::find_if(e.g.sinks.begin(), e.g.sinks.end(), [&](NodeId s) { return e.g[s].op == op; });
    const Node like = e.g[*first];
    const NodeId second = e.g.sink(op, like.in, like.aux);
    EXPECT_THAT(complaint(e.g),
                AllOf(HasSubstr("node " + std::to_string(second) + ","), HasSubstr("one read or write of")));
  }
}

TEST(Verify, AfterTheSchedulerOnlyCyclesAreRefused) {
  Example e;
  e.g[e.gate].in[0] = e.g.make(Op::bit_not, 8, {e.head});  // a larger number
  EXPECT_THAT(complaint(e.g), HasSubstr("operands come before their user"));
  EXPECT_EQ(complaint(e.g, Numbering::free), "");
  e.g[e.gate].in[0] = e.sum;
  EXPECT_THAT(complaint(e.g, Numbering::free), HasSubstr("no value depends on itself"));
}

TEST(Verify, DeclarationsFit) {
  Example wide;
  wide.g.registers[0].initial = APInt(9, 0);
  EXPECT_THAT(complaint(wide.g), HasSubstr("'count': the initial value is as wide as the register"));
  Example word;
  word.g.tables[0].words[3] = APInt(9, 0);
  EXPECT_THAT(complaint(word.g), HasSubstr("'table': words are as wide as the table"));
  Example none;
  none.g.tables[0].words.clear();
  EXPECT_THAT(complaint(none.g), HasSubstr("'table': a table has words"));
}

TEST(Dump, ShowsDeclarationsNodesAndPlaces) {
  Graph g;
  g.streams.push_back({"in", true, 8, {}, 0, {}});
  g.streams.push_back({"out", false, 4, {}, 1, {}});
  g.locations.push_back({"kernel.cpp", 3, 1});
  g.current_location = 0;
  g.current_name = "head";
  const NodeId head = g.make(Op::input, 8, {}, 0, 0);
  g.current_name.clear();
  const NodeId high = g.slice(head, 4, 4), one = g.constant(1, 1);
  g.current_location = -1;
  g.sink(Op::read, {one}, 0);
  g.sink(Op::output, {one, high}, 1);
  EXPECT_EQ(dump(g),
            "input stream in: 8 bits\n"
            "output stream out: 4 bits\n"
            "%0 = input.8 in[7:0]  # head, kernel.cpp:3:1\n"
            "%1 = slice.4 %0[7:4]  # kernel.cpp:3:1\n"
            "%2 = const.1 1'h1  # kernel.cpp:3:1\n"
            "read in %2\n"
            "output out %2 %1\n");
}

}  // namespace
}  // namespace sapulse::hlsc
