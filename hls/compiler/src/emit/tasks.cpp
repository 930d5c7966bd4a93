// SPDX-License-Identifier: Apache-2.0
// Module functions under Verilator. It copies the body of a module for each instance; a task that is not inlined exists
// once. So the logic of each stage becomes a task in a package, and the module calls it.
#include "emit/emitter.h"
#include "emit/stream_ports.h"
#include "fmt/format.h"

namespace sapulse::hlsc {

std::string task_package(const std::string& kernel) { return kernel + "_functions"; }

/// A task cannot contain an instance of what has a clock: a pipelined module, a block RAM.
bool Emitter::can_be_tasks() const {
  for (NodeId i = 0; i < g_.size(); i++) {
    if (!is_emitted(i)) continue;
    if (g_.latency(i) > 0 || (g_[i].op == Op::call && !g_.modules[g_[i].aux].has_task)) return false;
  }
  return true;
}

/// Emits the task of a stage; returns the declarations and the call for the module.
std::string Emitter::stage_as_task(int s) {
  const bool is_last = s == schedule_.last_stage;
  std::string outputs, declarations;
  task_outputs_.clear();
  task_inputs_.clear();
  task_locals_.clear();
  auto output = [&](const std::string& name, unsigned width) {
    task_outputs_.insert(name);
    outputs += fmt::format("{}output logic {}{}", outputs.empty() ? "" : ", ", range(width), name);
    declarations += fmt::format("  logic {}{};\n", range(width), name);
  };
  std::vector<std::string> arguments;
  for (NodeId i : by_stage_[s]) {
    if (g_[i].is_sink() || g_[i].is_source() || windows_[i].size() < 2) continue;
    output(name_[i], g_[i].width);
    arguments.push_back(name_[i]);
  }
  if (is_last) {
    output("result_value", g_.width(g_[sink_of(Op::result, -1)].in[0]));
    arguments.push_back("result_value");
  }
  if (arguments.empty()) return "";

  const std::string module = std::move(out_);
  out_.clear();
  in_task_ = true;
  emit_chains(s);
  for (NodeId i : by_stage_[s]) node(i);
  if (is_last) result();
  in_task_ = false;
  std::string body = std::move(out_), inputs, given;
  out_ = module;
  if (s == 0) {  // all operands, in order, whether used or not
    task_inputs_.clear();
    for (const ScalarPort& a : g_.arguments) {
      inputs += fmt::format("input logic {}{}, ", range(a.width), a.name);
      given += a.name + ", ";
    }
  }
  for (const auto& [name, bits] : task_inputs_) {
    inputs += fmt::format("input logic {}{}, ", bits, name);
    given += name + ", ";
  }
  const std::string name = fmt::format("{}_s{}", module_name_, s);
  tasks_ += fmt::format("  task automatic {}({}{});\n{}{}{}  endtask\n\n", name, inputs, outputs,
                        size() >= kMinSharedSize ? "    /* verilator no_inline_task */\n" : "", task_locals_, body);
  std::string taken;
  for (const std::string& a : arguments) taken += (taken.empty() ? "" : ", ") + a;
  return fmt::format("{}  always_comb {}::{}({}{});\n{}", declarations, package_name_, name, given, taken,
                     is_last ? "  assign result = result_value;\n" : "");
}

void Emitter::module_stage(int s) {
  const std::string call = can_be_tasks() ? stage_as_task(s) : "";
  if (call.empty()) {
    stage_logic(s);
    return;
  }
  for (NodeId i : by_stage_[s]) emitted_[i] = 0;
  helper_wires_.clear();
  out_ += "\n`ifdef VERILATOR\n" + call + "`else";
  stage_logic(s);
  out_ += "`endif\n";
}

}  // namespace sapulse::hlsc
