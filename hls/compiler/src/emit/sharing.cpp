// SPDX-License-Identifier: Apache-2.0
// Instances of modules and multipliers that several calls share: multiplexers by phase in front, registers behind.
#include <algorithm>

#include "emit/emitter.h"
#include "emit/stream_ports.h"
#include "fmt/format.h"

namespace sapulse::hlsc {

namespace {

/// More sources than that are a sum of products, which is less deep than a chain of multiplexers.
constexpr std::size_t kMaxChain = 3;

}  // namespace

std::vector<Emitter::SharedInstance> Emitter::shared_instances() const {
  std::map<std::pair<int, int>, std::vector<NodeId>> calls;  // by module and instance
  for (NodeId i = 0; i < g_.size(); i++) {
    if (is_shared(i)) calls[{g_[i].aux, schedule_.instance[i]}].push_back(i);
  }
  std::vector<SharedInstance> all;
  all.reserve(calls.size());
  for (auto& [key, nodes] : calls) all.push_back({key.first, key.second, std::move(nodes)});
  return all;
}

/// Names of instances and of the registers of their results.
void Emitter::name_shared() {
  for (const SharedInstance& s : shared_instances()) {
    const SubModule& m = g_.modules[s.module];
    const std::string name = names_.unique(fmt::format("u_{}_{}", m.name, s.number));
    shared_name_[{s.module, s.number}] = name;
    int registers = 0;
    for (NodeId i : s.calls) registers = std::max(registers, schedule_.result_register[i] + 1);
    for (int r = 0; r < registers; r++) names_.reserve(fmt::format("{}_r{}", name, r));
    names_.reserve(name + "_result");
  }
}

std::string Emitter::result_register(NodeId call) const {
  return fmt::format("{}_r{}", shared_name_.at({g_[call].aux, schedule_.instance[call]}),
                     schedule_.result_register[call]);
}

void Emitter::declare_shared() {
  for (const SharedInstance& s : shared_instances()) {
    std::set<std::string> registers;
    for (NodeId i : s.calls) registers.insert(result_register(i));
    for (const std::string& r : registers) {
      out_ += fmt::format("  reg  {}{};\n", range(g_.modules[s.module].width), r);
      count_.results += g_.modules[s.module].width;
    }
  }
}

/// "phase[3] | phase[5]".
std::string Emitter::any_phase(const std::set<int>& phases) {
  std::string text;
  for (int p : phases) text += fmt::format("{}phase[{}]", text.empty() ? "" : " | ", p);
  return text;
}

/// What an operand is in which phases.
std::string Emitter::operand_by_phase(const SharedInstance& s, unsigned operand, unsigned width) {
  std::map<std::string, std::set<int>> sources;
  for (NodeId i : s.calls) {
    sources[reference(g_[i].in[operand], input_stage(i))].insert(phase(input_stage(i)));
  }
  std::string text;
  if (sources.size() > kMaxChain) {
    for (const auto& [source, phases] : sources) {
      text += fmt::format("{}{{{}{{{}}}}} & {}", text.empty() ? "" : "\n      | ", width, any_phase(phases), source);
    }
    return text;
  }
  const auto usual = std::max_element(sources.begin(), sources.end(),
                                      [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  for (auto it = sources.begin(); it != sources.end(); ++it) {
    if (it != usual) text += fmt::format("({}) ? {} : ", any_phase(it->second), it->first);
  }
  return text + usual->first;
}

void Emitter::emit_shared(const SharedInstance& s) {
  const SubModule& m = g_.modules[s.module];
  const std::string name = shared_name_.at({s.module, s.number});
  out_ += fmt::format("\n  // ---- {} for {} calls\n", name, s.calls.size());
  std::string ports, held;
  for (std::size_t k = 0; k < m.operands.size(); k++) {
    const ScalarPort& p = m.operands[k];
    context_ = fmt::format("{}_{}", name, p.name);
    const std::string text = operand_by_phase(s, static_cast<unsigned>(k), p.width);
    const std::string wire = names_.unique(context_);
    define(p.width, wire, text);
    std::string operand = wire;
    if (m.holds_operands) {
      operand = names_.unique(context_ + "_held");
      out_ += fmt::format("  reg  {}{};\n", range(p.width), operand);
      held += fmt::format("    {} <= {};\n", operand, wire);
      count_.results += p.width;
    }
    ports += m.is_product ? fmt::format("{}{}", k ? " * " : "", operand) : fmt::format(".{}({}), ", p.name, operand);
  }
  if (!held.empty()) out_ += fmt::format("  always @(posedge ap_clk) begin\n{}  end\n", held);
  const std::string result = name + "_result";
  if (m.is_product) {
    out_ += fmt::format("  wire {}{} = {};\n", range(m.width), result, ports);
  } else {
    const bool clocked = m.latency > (m.holds_operands ? 2 : 1);
    out_ += fmt::format("  wire {}{};\n  {} {} ({}{}.result({}));\n", range(m.width), result, m.name, name,
                        clocked ? ".clk(ap_clk), " : "", ports, result);
  }
  take_results(s, result);
}

void Emitter::take_results(const SharedInstance& s, const std::string& result) {
  std::map<std::string, std::set<int>> phases;  // by register
  for (NodeId i : s.calls) phases[result_register(i)].insert(phase(stage(i) - 1));
  for (const auto& [name, when] : phases) {
    out_ += fmt::format("  always @(posedge ap_clk) if ({}) {} <= {};\n", any_phase(when), name, result);
  }
}

}  // namespace sapulse::hlsc
