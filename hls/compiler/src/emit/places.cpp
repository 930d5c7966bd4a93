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

/// Of a register, a call, a read of a memory or of a table in block RAM; empty for all others.
std::string Emitter::place_of_node(NodeId i, Op op) const {
  const Node& n = g_[i];
  if (n.op != op || !is_emitted(i) || (op == Op::rom && !g_.tables[n.aux].block_ram)) return "";
  if (op == Op::state) {
    return fmt::format(R"({{"number": {}, "name": "{}", "stage": {}, "initial": "{}"}})", n.aux, name_[i], stage(i),
                       literal(g_.registers[n.aux].initial));
  }
  const std::string where = fmt::format(R"("number": {}, "stage": {}, "latency": {})", i, stage(i), g_.latency(i));
  if (op == Op::rom) {
    const auto [first, port] = rom_ports_.at(i);
    return fmt::format(R"({{{}, "instance": "u_{}", "operands": ["address_{}"], "result": "word_{}"}})", where,
                       name_[first], port, port);
  }
  if (op == Op::ram_read) return fmt::format(R"({{{}, "instance": "u_{}", "memory": {}}})", where, name_[i], n.aux);
  std::vector<std::string> operands;
  for (const ScalarPort& p : g_.modules[n.aux].operands) operands.push_back(quoted(p.name));
  return fmt::format(R"({{{}, "instance": "u_{}", "operands": [{}], "result": "result"}})", where, name_[i],
                     fmt::join(operands, ", "));
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
  auto nodes = [&](std::initializer_list<Op> ops) {
    std::vector<std::string> r;
    for (Op op : ops) {
      for (NodeId i = 0; i < g_.size(); i++) {
        if (std::string place = place_of_node(i, op); !place.empty()) r.push_back(std::move(place));
      }
    }
    return list(r);
  };
  std::vector<std::string> tables;
  for (std::size_t t = 0; t < g_.tables.size(); t++) {
    if (!g_.tables[t].block_ram) continue;
    tables.push_back(fmt::format(R"({{"module": "{}_rom", "words": {}}})", table_name(static_cast<int>(t)),
                                 g_.tables[t].words.size()));
  }
  return fmt::format(
      "  {{\"module\": \"{}\", \"is_kernel\": {}, \"last_stage\": {},\n    \"arguments\": [{}],\n    \"streams\": {},\n"
      "    \"outputs\": {},\n    \"registers\": {},\n    \"calls\": {},\n    \"reads\": {},\n    \"tables\": {}}}",
      module_name_, is_kernel_, schedule_.last_stage, fmt::join(arguments, ", "), list(streams), list(outputs),
      nodes({Op::state}), nodes({Op::call, Op::rom}), nodes({Op::ram_read}), list(tables));
}

}  // namespace sapulse::hlsc
