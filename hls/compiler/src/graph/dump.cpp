// SPDX-License-Identifier: Apache-2.0
#include "graph/dump.h"

#include "fmt/format.h"

namespace sapulse::hlsc {

namespace {

std::string bit_range(unsigned lo, unsigned width) { return fmt::format("[{}:{}]", lo + width - 1, lo); }

std::string declarations(const Graph& g) {
  std::string r;
  for (const Stream& s : g.streams)
    r += fmt::format("{} stream {}: {} bits\n", s.is_input ? "input" : "output", s.name, s.width);
  for (const ScalarPort& a : g.arguments) r += fmt::format("argument {}: {} bits\n", a.name, a.width);
  for (const ScalarPort& a : g.outputs) r += fmt::format("output {}: {} bits\n", a.name, a.width);
  for (const Register& x : g.registers)
    r += fmt::format("register {}: {} bits, at first {}\n", x.name, x.width, literal(x.initial));
  for (const Memory& m : g.memories) {
    r += fmt::format("memory {}: {} words of {} bits, {} RAM\n", m.name, m.depth, m.width, m.lut_ram ? "LUT" : "block");
  }
  for (const Table& t : g.tables) {
    r += fmt::format("table {}: {} words of {} bits{}\n", t.name, t.words.size(), t.width,
                     t.block_ram ? ", block RAM" : "");
  }
  for (const SubModule& m : g.modules) r += fmt::format("module {}: {} bits, latency {}\n", m.name, m.width, m.latency);
  return r;
}

/// What the node is about: " NAME", or nothing.
std::string subject(const Graph& g, const Node& n) {
  switch (n.op) {
    case Op::constant:
      return " " + literal(n.value);
    case Op::input:
      return " " + g.streams[n.aux].name + bit_range(n.lo, n.width);
    case Op::empty:
    case Op::full:
    case Op::output:
    case Op::read:
    case Op::wait:
      return " " + g.streams[n.aux].name;
    case Op::argument:
    case Op::operand:
      return " " + g.arguments[n.aux].name;
    case Op::port:
      return " " + g.outputs[n.aux].name;
    case Op::state:
    case Op::state_next:
      return " " + g.registers[n.aux].name;
    case Op::ram_read:
    case Op::ram_write:
      return " " + g.memories[n.aux].name;
    case Op::rom:
      return " " + g.tables[n.aux].name;
    case Op::call:
      return " " + g.modules[n.aux].name;
    default:
      return "";
  }
}

std::string line(const Graph& g, NodeId i) {
  const Node& n = g[i];
  std::string r = n.is_sink() ? op_name(n.op) : fmt::format("%{} = {}.{}", i, op_name(n.op), n.width);
  r += subject(g, n);
  for (NodeId k : n.in) r += fmt::format(" %{}", k);
  if (n.op == Op::slice) r += bit_range(n.lo, n.width);
  const SourceLocation where = g.location(i);
  if (!n.name.empty() || where.line) {
    r += "  # " + n.name + (!n.name.empty() && where.line ? ", " : "") + (where.line ? where.text() : "");
  }
  return r + "\n";
}

}  // namespace

std::string dump(const Graph& graph) {
  std::string r = declarations(graph);
  for (NodeId i = 0; i < graph.size(); i++) r += line(graph, i);
  return r;
}

}  // namespace sapulse::hlsc
