// SPDX-License-Identifier: Apache-2.0
// Where the RTL has what a reference computes, as JSON for the proof: names, and the stages in which they are read.
// Nothing is taken on trust from it: with a wrong name or stage the proof fails.
#include "emit/emitter.h"
#include "emit/stream_ports.h"
#include "fmt/format.h"
#include "fmt/ranges.h"

namespace sapulse::hlsc {

namespace {

std::string quoted(const std::string& s) { return "\"" + s + "\""; }

std::string list(const std::vector<std::string>& items) { return fmt::format("[{}]", fmt::join(items, ",\n      ")); }

}  // namespace

std::string Emitter::place_of_stream(int number) const {
  const Stream& s = g_.streams[number];
  std::vector<std::string> ports;
  for (const Field& c : data_ports(s)) {
    ports.push_back(fmt::format("[{}, {}]", quoted(s.name + "_" + c.name), c.width));
  }
  const NodeId sink = sink_of(Op::output, number);
  return fmt::format(R"({{"number": {}, "name": "{}", "input": {}, "ports": [{}], "stage": {}}})", number, s.name,
                     s.is_input, fmt::join(ports, ", "), sink == kNoNode ? 0 : stage(sink));
}

/// Of a register, a call or a read of a memory; empty for all others.
std::string Emitter::place_of_node(NodeId i, Op op) const {
  const Node& n = g_[i];
  if (n.op != op || !is_emitted(i)) return "";
  if (op == Op::state) {
    return fmt::format(R"({{"number": {}, "name": "{}", "stage": {}, "initial": "{}"}})", n.aux, name_[i], stage(i),
                       literal(g_.registers[n.aux].initial));
  }
  std::vector<std::string> operands;
  if (op == Op::call) {
    for (const ScalarPort& p : g_.modules[n.aux].operands) operands.push_back(quoted(p.name));
  }
  return fmt::format(R"({{"number": {}, "instance": "u_{}", "stage": {}, "latency": {}, {}}})", i, name_[i], stage(i),
                     latency(i),
                     op == Op::call ? fmt::format("\"operands\": [{}]", fmt::join(operands, ", "))
                                    : fmt::format("\"memory\": {}", n.aux));
}

std::string Emitter::places() const {
  std::vector<std::string> streams, arguments, outputs;
  for (std::size_t s = 0; s < g_.streams.size(); s++) streams.push_back(place_of_stream(static_cast<int>(s)));
  for (const ScalarPort& a : g_.arguments) arguments.push_back(quoted(a.name));
  for (std::size_t p = 0; p < g_.outputs.size(); p++) {
    const NodeId sink = sink_of(Op::port, static_cast<int>(p));
    outputs.push_back(fmt::format(R"({{"number": {}, "name": "{}", "stage": {}}})", p, g_.outputs[p].name,
                                  sink == kNoNode ? 0 : stage(sink)));
  }
  auto nodes = [&](Op op) {
    std::vector<std::string> r;
    for (NodeId i = 0; i < g_.size(); i++) {
      if (std::string place = place_of_node(i, op); !place.empty()) r.push_back(std::move(place));
    }
    return list(r);
  };
  return fmt::format(
      "  {{\"module\": \"{}\", \"is_kernel\": {}, \"last_stage\": {},\n    \"arguments\": [{}],\n    \"streams\": {},\n"
      "    \"outputs\": {},\n    \"registers\": {},\n    \"calls\": {},\n    \"reads\": {}}}",
      module_name_, is_kernel_, schedule_.last_stage, fmt::join(arguments, ", "), list(streams), list(outputs),
      nodes(Op::state), nodes(Op::call), nodes(Op::ram_read));
}

}  // namespace sapulse::hlsc
