// SPDX-License-Identifier: Apache-2.0
#include "kernel.h"

#include <algorithm>
#include <list>

#include "emit/emit.h"
#include "emit/names.h"
#include "emit/reference.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "frontend/frontend.h"
#include "graph/area.h"
#include "graph/dump.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "pipeline.h"
#include "report.h"
#include "schedule/recurrence.h"
#include "view.h"

namespace sapulse::hlsc {

namespace {

/// What callers see of a scheduled module function.
SubModule describe(const Unit& unit, const Work& c, const std::string& verilog_name) {
  SubModule m;
  m.name = verilog_name;
  m.callee = unit.callee;
  m.operands = unit.arguments;
  m.latency = c.schedule.last_stage;
  m.input_levels = c.schedule.stage_levels.front();
  m.output_levels = c.schedule.stage_levels.back();
  for (NodeId s : c.graph.sinks) m.width = c.graph.width(c.graph[s].in[0]);
  return m;
}

/// A module function takes a new operand every cycle: several calls of it may come one after the other.
ScheduleOptions options_for(const Unit& unit, const CompileOptions& options) {
  ScheduleOptions o = options.schedule;
  o.interval = unit.is_module ? 1 : options.interval ? options.interval : unit.interval;
  return o;
}

Watched watched(const Unit& unit, const Graph& graph) {
  Watched w;
  w.has_steps = unit.has_steps;
  for (const Stream& s : graph.streams) {
    if (s.is_asked && !is_added(s)) w.questions.push_back({s.name, s.position, s.element, !s.is_input});
  }
  return w;
}

/// The bits of input words that a value consists of, where it is to be that constant.
void collect_compared(const Graph& g, NodeId i, const APInt& value, unsigned low, std::vector<Compared>& out) {
  const Node& n = g[i];
  if (n.op == Op::input) out.push_back({g.streams[n.aux].name, n.lo + low, value});
  if (n.op == Op::slice) collect_compared(g, n.in[0], value, n.lo + low, out);
  if (n.op != Op::concat) return;
  unsigned at = 0;
  for (NodeId k : n.in) {
    const unsigned from = std::max(at, low), to = std::min(at + g.width(k), low + value.getBitWidth());
    if (from < to) collect_compared(g, k, value.extractBits(to - from, from - low), from - at, out);
    at += g.width(k);
  }
}

std::vector<Compared> compared(const Graph& g) {
  std::vector<Compared> r;
  for (const Node& n : g.nodes) {
    if (n.op != Op::equal) continue;
    for (unsigned k : {0U, 1U}) {
      if (g.is_const(n.in[k])) collect_compared(g, n.in[1 - k], g[n.in[k]].value, 0, r);
    }
  }
  return r;
}

Interface interface_of(const Work& kernel) {
  const Graph& g = kernel.graph;
  Interface r{{}, g.arguments, g.outputs, kernel.unit.channels, {}, {}, compared(g), {watched(kernel.unit, g)}};
  llvm::copy_if(g.streams, std::back_inserter(r.streams), [](const Stream& s) { return !is_added(s); });
  if (kernel.unit.surroundings.is_called) r.calls.push_back(kCallName);
  return r;
}

[[noreturn]] void refuse_slow(const TimingViolation& v, const Work& c) {
  fail(v.where, v.text + (v.recurrence_levels ? advice(c.graph, c.options, v.recurrence_levels) : "") +
                    "; --allow-slow makes this a warning");
}

/// Throws Error for what --parity does not look after.
void check_parity(const Graph& g) {
  for (const Memory& m : g.memories)
    fail(fmt::format("memory '{}' has no parity; --parity is for output queues", m.name));
  for (const auto& ports : {g.arguments, g.outputs}) {
    for (const ScalarPort& p : ports) {
      if (p.name == kMemoryFault) fail(fmt::format("parameter '{}': --parity adds an output of that name", p.name));
    }
  }
}

}  // namespace

void check_names(const std::string& unit, const std::vector<ScalarPort>& arguments,
                 const std::vector<ScalarPort>& outputs) {
  auto check = [&](const std::string& name, const char* what) {
    if (is_reserved_word(name))
      fail(std::string(what) + " '" + name + "' of '" + unit + "': reserved word of SystemVerilog");
  };
  check(unit, "name");
  for (const ScalarPort& a : arguments) check(a.name, "parameter");
  for (const ScalarPort& a : outputs) check(a.name, "parameter");
}

Part compile_kernel(llvm::Function& function, const std::string& kernel, const Surroundings& surroundings,
                    const CompileOptions& options) {
  const std::unique_ptr<llvm::Module> untouched = options.view ? llvm::CloneModule(*function.getParent()) : nullptr;
  const std::string function_name = function.getName().str();
  std::vector<Unit> units = prepare(function, kernel, surroundings);
  std::list<Work> compiled;
  std::vector<SubModule> modules;
  std::vector<ReportEntry> entries;
  Part result;
  std::string modules_text, tasks;
  std::vector<std::string> places;
  RtlModules called;
  for (const Unit& unit : units) {
    llvm::append_range(result.notes, unit.notes);
    check_names(unit.name, unit.arguments, unit.outputs);
    Work& c = compiled.emplace_back(Work{unit, modules, options_for(unit, options), {}, {}, {}});
    const std::string name = unit.is_module ? kernel + "_" + unit.name : unit.name;
    const std::string last_in_software = passes_of_software().back().name;
    run_passes(c, passes(), [&](const std::string& pass) {
      if (options.reference && pass == last_in_software) result.reference += emit_reference(c.graph, name) + "\n";
      if (pass != options.dump_after) return;
      options.show_graph(
          fmt::format("# {} {} after {}\n{}", unit.is_module ? "module" : "kernel", unit.name, pass, dump(c.graph)));
    });
    llvm::append_range(result.warnings, c.warnings);
    if (options.parity) check_parity(c.graph);
    const Emission e = unit.is_module ? emit_module(c.graph, c.schedule, name, kernel)
                                      : emit_kernel(c.graph, c.schedule, name, options.parity);
    if (!unit.is_module) called = {modules_text, tasks};
    modules_text += e.text + "\n";
    tasks += e.tasks;
    places.push_back(e.places);
    entries.push_back({name, unit.is_module, &c.graph, &c.schedule, e.registers});
    for (const TimingViolation& v : c.schedule.violations) {
      if (!options.allow_slow) refuse_slow(v, c);
      result.warnings.push_back(fmt::format("{}: warning: {}", v.where.text(), v.text));
    }
    if (!unit.is_module) continue;
    modules.push_back(describe(unit, c, name));
    modules.back().size = e.size;
    modules.back().luts = luts_of(c.graph);
    modules.back().has_task = !e.tasks.empty() && c.schedule.last_stage == 0;
  }
  if (!tasks.empty()) {
    result.verilog =
        fmt::format("`ifdef VERILATOR\npackage {};\n{}endpackage\n`endif\n\n", task_package(kernel), tasks);
  }
  result.verilog += modules_text;
  const Graph& graph = compiled.back().graph;
  if (untouched) {
    if (compiled.back().options.interval > 1) fail("a simulation view needs an iteration every cycle, II 1");
    const View view = compile_view(*untouched->getFunction(function_name), kernel, options.natives,
                                   {graph, compiled.back().schedule, called, options.parity});
    result.view_verilog = view.verilog;
    result.view_cpp = view.cpp;
  }
  if (options.reference) {
    if (compiled.back().options.interval > 1) fail("a reference needs an iteration every cycle, II 1");
    result.places = fmt::format("[\n{}\n]\n", fmt::join(places, ",\n"));
  }
  result.interface = interface_of(compiled.back());
  result.report = report(entries, options.schedule.levels) + report_accesses(compiled.back().unit);
  return result;
}

}  // namespace sapulse::hlsc
