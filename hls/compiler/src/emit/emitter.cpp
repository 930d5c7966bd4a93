// SPDX-License-Identifier: Apache-2.0
#include "emit/emitter.h"

#include <algorithm>
#include <numeric>

#include "emit/stream_ports.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "frontend/debug_types.h"
#include "graph/demand.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

namespace sapulse::hlsc {

namespace {

constexpr unsigned kMinQueueDepth = 16;
constexpr unsigned kQueueMargin = 4;

}  // namespace

unsigned queue_depth(int stage, int interval) {
  const auto in_flight = static_cast<unsigned>(stage / interval);
  return std::max(kMinQueueDepth, static_cast<unsigned>(llvm::PowerOf2Ceil(in_flight + kQueueMargin)));
}

Emitter::Emitter(const Graph& g, const Schedule& s, std::string name, const std::string& kernel, bool is_kernel,
                 bool parity)
    : g_(g),
      schedule_(s),
      module_name_(std::move(name)),
      package_name_(task_package(kernel)),
      is_kernel_(is_kernel),
      has_parity_(parity),
      name_(g.nodes.size()),
      demand_(demanded_bits(g)),
      by_stage_(static_cast<std::size_t>(s.last_stage) + 1),
      emitted_(g.nodes.size(), 0),
      port_order_(g.streams.size()) {
  std::iota(port_order_.begin(), port_order_.end(), 0);
  std::sort(port_order_.begin(), port_order_.end(),
            [&](int a, int b) { return comes_before(g.streams[a], g.streams[b]); });
  for (NodeId i = 0; i < g.size(); i++) {
    if (is_emitted(i)) by_stage_[stage(i)].push_back(i);
  }
}

// ---- names

std::string Emitter::wished_name(NodeId i) const {
  const Node& n = g_[i];
  switch (n.op) {
    case Op::empty:
      return g_.streams[n.aux].name + "_empty";
    case Op::full:
      return g_.streams[n.aux].name + "_full";
    case Op::ram_read:
      return g_.memories[n.aux].name + "_q";
    case Op::bit_not:
      if (n.name.empty() && !g_[n.in[0]].is_wire() && !g_[n.in[0]].name.empty()) return "not_" + g_[n.in[0]].name;
      break;
    default:
      break;
  }
  return n.name.empty() ? fmt::format("{}_{}", op_name(n.op), i) : n.name;
}

void Emitter::assign_names() {
  for (const char* n : {"ap_clk", "ap_rst_n", "clk", "result", "result_value", kMemoryFault}) names_.reserve(n);
  for (const Stream& s : g_.streams) {
    for (const char* suffix : {"_tvalid", "_tready", "_room", "_fault"}) names_.reserve(s.name + suffix);
    names_.reserve(word_of(s));
    for (const Field& c : data_ports(s)) names_.reserve(s.name + "_" + c.name);
  }
  for (int s = 0; s <= schedule_.last_stage + 1; s++) names_.reserve(valid(s));
  if (schedule_.interval > 1) names_.reserve("phase");
  std::vector<std::string> arguments;
  for (const ScalarPort& a : g_.arguments) names_.reserve(a.name);
  for (const ScalarPort& p : g_.outputs) {
    names_.reserve(p.name);
    names_.reserve(p.name + "_ap_vld");
  }
  for (NodeId i = 0; i < g_.size(); i++) {
    if (!is_emitted(i) || g_[i].is_sink()) continue;
    const bool is_port = g_[i].op == Op::argument || g_[i].op == Op::operand;
    name_[i] = is_port ? g_.arguments[g_[i].aux].name : names_.unique(wished_name(i));
    for (int s = stage(i) + 1; s <= schedule_.last_stage; s++) names_.reserve(fmt::format("{}_s{}", name_[i], s));
  }
  name_shared();
}

std::string Emitter::location_comment(NodeId i) const {
  const SourceLocation l = g_.location(i);
  return l.line ? fmt::format("  // {}:{}", llvm::sys::path::filename(l.file).str(), l.line) : "";
}

NodeId Emitter::sink_of(Op op, int aux) const {
  for (NodeId s : g_.sinks) {
    if (g_[s].op == op && g_[s].aux == aux) return s;
  }
  return kNoNode;
}

NodeId Emitter::state_of(int reg) const {
  for (NodeId i = 0; i < g_.size(); i++) {
    if (g_[i].op == Op::state && g_[i].aux == reg && is_emitted(i)) return i;
  }
  return kNoNode;
}

// ---- module

void Emitter::begin() {
  header();
  tables();
  declarations();
}

Emission Emitter::run_start() {
  assign_names();
  compute_windows();
  begin();
  stage_logic(0);
  return {table_modules_ + out_, tasks_, count_, size(), places()};
}

Emission Emitter::run() {
  assign_names();
  compute_windows();
  find_chains();
  out_ = heading();
  begin();
  for (int s = 0; s <= schedule_.last_stage; s++) is_kernel_ ? stage_logic(s) : module_stage(s);
  for (const SharedInstance& s : shared_instances()) emit_shared(s);
  pipeline_registers();
  if (has_parity_)
    out_ += fmt::format("  assign {} = {};\n", kMemoryFault,
                        faults_.empty() ? "1'b0" : fmt::format("{}", fmt::join(faults_, " | ")));
  out_ += "endmodule\n";
  return {table_modules_ + out_, tasks_, count_, size(), places()};
}

void Emitter::define(unsigned width, const std::string& name, const std::string& text, const std::string& comment) {
  if (!in_task_) {
    out_ += fmt::format("  wire {}{} = {};{}\n", range(width), name, text, comment);
    return;
  }
  if (!task_outputs_.count(name)) task_locals_ += fmt::format("    logic {}{};\n", range(width), name);
  out_ += fmt::format("    {} = {};\n", name, text);
}

int Emitter::size() const {
  int n = 0;
  for (NodeId i = 0; i < g_.size(); i++) {
    if (!is_emitted(i)) continue;
    const int inner = g_[i].op == Op::call ? g_.modules[g_[i].aux].size : 1;
    n += inner < kMinSharedSize ? inner : 1;
  }
  return n;
}

void Emitter::join_channels(const Stream& s) {
  std::string all;
  for (const Field& c : s.channels) all = fmt::format("{}_{}{}{}", s.name, c.name, all.empty() ? "" : ", ", all);
  const char* format = s.is_input ? "  assign {0} = {{{1}}};\n" : "  assign {{{1}}} = {0};\n";
  out_ +=
      fmt::format("  wire {}{};\n", range(s.width), word_of(s)) + fmt::format(fmt::runtime(format), word_of(s), all);
}

std::string Emitter::heading() const {
  const int last = schedule_.last_stage, interval = schedule_.interval;
  const std::string often =
      interval == 1 ? "one iteration per cycle" : fmt::format("one iteration every {} cycles", interval);
  return is_kernel_
             ? fmt::format("// Kernel '{}': {} stages, {}.\n", module_name_, last + 1, often)
             : fmt::format("// Module function '{}': result {} cycles after the operands.\n", module_name_, last);
}

void Emitter::header() {
  std::string ports;
  if (is_kernel_) {
    ports = "    input  wire ap_clk,\n    input  wire ap_rst_n";
    for (const ScalarPort& a : g_.arguments) ports += fmt::format(",\n    input  wire {}{}", range(a.width), a.name);
    for (const ScalarPort& p : g_.outputs) {
      ports += fmt::format(",\n    output reg  {0}{1},\n    output reg  {1}_ap_vld", range(p.width), p.name);
    }
    for (int i : port_order_) ports += port_declarations(g_.streams[i]);
    if (has_parity_) ports += fmt::format(",\n    output wire {}", kMemoryFault);
  } else {
    const unsigned width = g_.width(g_[sink_of(Op::result, -1)].in[0]);
    if (schedule_.last_stage > 0) ports = "    input  wire clk,\n";
    for (const ScalarPort& a : g_.arguments) ports += fmt::format("    input  wire {}{},\n", range(a.width), a.name);
    ports += fmt::format("    output wire {}result", range(width));
  }
  out_ += fmt::format("module {} (\n{}\n);\n", module_name_, ports);
}

void Emitter::declarations() {
  for (NodeId i = 0; i < g_.size(); i++) {
    if (g_[i].op == Op::state && stage(i) >= 0) out_ += fmt::format("  reg  {}{};\n", range(g_[i].width), name_[i]);
  }
  for (NodeId i = 0; i < g_.size(); i++) {
    if (!is_emitted(i) || g_[i].is_sink() || g_[i].op == Op::argument) continue;
    for (std::size_t d = 1; d < windows_[i].size(); d++) {
      const Window w = windows_[i][d];
      if (w.empty()) continue;
      const std::string bits = g_[i].width == 1 ? "" : fmt::format("[{}:{}] ", w.hi - 1, w.lo);
      out_ += fmt::format("  reg  {}{};\n", bits, name_in(i, first_stage(i, static_cast<int>(d))));
    }
  }
  declare_shared();
  if (!is_kernel_) return;
  for (int i : port_order_) {
    if (!g_.streams[i].channels.empty()) join_channels(g_.streams[i]);
    if (sink_of(Op::output, i) != kNoNode) out_ += fmt::format("  wire {}_room;\n", g_.streams[i].name);
  }
  phase_counter();
  out_ += "\n  // an iteration in stage n\n  wire valid_s0;\n";
  for (int s = 1; s <= schedule_.last_stage; s++) {
    out_ += fmt::format("  reg  {0};\n  always @(posedge ap_clk) {0} <= ap_rst_n & {1};\n", valid(s), valid(s - 1));
  }
}

void Emitter::stage_logic(int s) {
  out_ += fmt::format("\n  // ---- stage {}\n", s);
  emit_chains(s);
  for (NodeId i : by_stage_[s]) node(i);
  pairs_of_roms(s);
  if (is_kernel_) {
    ram_writes(s);
    if (s == 0) issue();
    state_updates(s);
    outputs(s);
    scalar_outputs(s);
    assertions(s);
  } else if (s == schedule_.last_stage) {
    result();
  }
}

/// Emits a node of the current stage after its operands of the same stage.
void Emitter::node(NodeId i) {
  const Node& n = g_[i];
  if (n.is_wire()) {
    for (NodeId k : n.in) node(k);
    return;
  }
  if (emitted_[i] || stage(i) < 0 || n.is_sink()) return;
  if (!by_stage_[stage(i)].empty() && g_.latency(i) == 0) {
    emitted_[i] = 1;
    for (NodeId k : n.in) node(k);
  }
  emitted_[i] = 1;
  context_ = name_[i];
  switch (n.op) {
    case Op::state:
    case Op::argument:
    case Op::operand:
      return;
    case Op::empty:
      out_ += fmt::format("  wire {} = ~{}_tvalid;\n", name_[i], g_.streams[n.aux].name);
      return;
    case Op::full:
      out_ += fmt::format("  wire {} = ~{}_room;\n", name_[i], g_.streams[n.aux].name);
      return;
    case Op::input: {
      const Stream& s = g_.streams[n.aux];
      const std::string bits = n.width == s.width ? ""
                               : n.width == 1     ? fmt::format("[{}]", n.lo)
                                                  : fmt::format("[{}:{}]", n.lo + n.width - 1, n.lo);
      out_ += fmt::format("  wire {}{} = {}{};\n", range(n.width), name_[i], word_of(s), bits);
      return;
    }
    case Op::ram_read:
      return ram(i);
    case Op::rom:
      return rom(i);
    case Op::call:
      if (!is_shared(i)) call(i);
      return;
    default: {
      const std::string text = expression(i);
      define(n.width, name_[i], text, location_comment(i));
    }
  }
}

void Emitter::ram(NodeId i) {
  const Node& n = g_[i];
  const Memory& m = g_.memories[n.aux];
  const std::string& name = name_[i];
  const unsigned address = g_.width(n.in[0]);
  const std::string read = reference(n.in[0], input_stage(i));
  const bool written = sink_of(Op::ram_write, n.aux) != kNoNode;
  out_ += fmt::format("  wire {}{};\n", range(n.width), name);
  if (written) {
    out_ += fmt::format("  wire {0}_we;\n  wire {1}{0}_waddr;\n  wire {2}{0}_wdata;\n", name, range(address),
                        range(m.width));
  }
  const std::string zero_address = literal(APInt(address, 0)), zero_word = literal(APInt(m.width, 0));
  out_ += fmt::format("  {} #(.WIDTH({}), .ABITS({}), .DEPTH({})) u_{} (\n",
                      m.lut_ram ? "hls_lut_ram" : "hls_block_ram", m.width, address, m.depth, name);
  out_ += fmt::format("      .clk(ap_clk), .raddr({}), .rdata({}),\n      .we({}), .waddr({}), .wdata({}));\n", read,
                      name, written ? name + "_we" : "1'b0", written ? name + "_waddr" : zero_address,
                      written ? name + "_wdata" : zero_word);
}

void Emitter::call(NodeId i) {
  const Node& n = g_[i];
  const SubModule& m = g_.modules[n.aux];
  std::vector<std::string> operands;
  for (NodeId k : n.in) operands.push_back(reference(k, input_stage(i)));
  if (in_task_) {
    std::string arguments;
    for (const std::string& o : operands) arguments += o + ", ";
    if (!task_outputs_.count(name_[i])) task_locals_ += fmt::format("    logic {}{};\n", range(n.width), name_[i]);
    out_ += fmt::format("    {}_s0({}{});\n", m.name, arguments, name_[i]);
    return;
  }
  std::string ports = m.latency ? fmt::format(".clk({}), ", clock()) : "";
  for (std::size_t k = 0; k < m.operands.size(); k++)
    ports += fmt::format(".{}({}), ", m.operands[k].name, operands[k]);
  out_ += fmt::format("  wire {0}{1};\n  {2} u_{1} ({3}.result({1}));{4}\n", range(n.width), name_[i], m.name, ports,
                      location_comment(i));
}

void Emitter::ram_writes(int s) {
  for (NodeId i = 0; i < g_.size(); i++) {
    if (g_[i].op != Op::ram_read || !is_emitted(i)) continue;
    const NodeId w = sink_of(Op::ram_write, g_[i].aux);
    if (w == kNoNode || stage(w) != s) continue;
    context_ = name_[i];
    const std::string enable = reference(g_[w].in[0], s), address = reference(g_[w].in[1], s),
                      data = reference(g_[w].in[2], s);
    // Not in reset: valid is unknown in its first cycle, and an iteration in flight must not write any more.
    out_ +=
        fmt::format("  assign {0}_we = ap_rst_n & {1} & {2};\n  assign {0}_waddr = {3};\n  assign {0}_wdata = {4};\n",
                    name_[i], valid(s), enable, address, data);
  }
}

/// Stage 0 runs when all wanted inputs are there and all output queues that it does not ask have room.
void Emitter::issue() {
  std::string fire = "ap_rst_n" + in_phase_of(0), ready;
  for (int i : port_order_) {
    const std::string& name = g_.streams[i].name;
    const NodeId output = sink_of(Op::output, i);
    if (output != kNoNode && g_[output].in.size() == 2) fire += fmt::format(" & {}_room", name);
    if (const NodeId wait = sink_of(Op::wait, i); wait != kNoNode) {
      context_ = name;
      fire += fmt::format(" & (~{} | {}_room)", reference(g_[wait].in[0], 0), name);
    }
    if (!g_.streams[i].is_input) continue;
    const NodeId read = sink_of(Op::read, i);
    if (read == kNoNode) {
      ready += fmt::format("  assign {}_tready = 1'b0;\n", name);
    } else if (g_.is_ones(g_[read].in[0])) {
      fire += fmt::format(" & {}_tvalid", name);
      ready += fmt::format("  assign {}_tready = valid_s0;\n", name);
    } else {
      context_ = name;
      const std::string wanted = reference(g_[read].in[0], 0);
      fire += fmt::format(" & (~{} | {}_tvalid)", wanted, name);
      ready += fmt::format("  assign {}_tready = valid_s0 & {};\n", name, wanted);
    }
  }
  out_ += fmt::format("  assign valid_s0 = {};\n{}", fire, ready);
}

void Emitter::state_updates(int s) {
  std::string reset, update;
  for (NodeId i : by_stage_[s]) {
    if (g_[i].op != Op::state_next) continue;
    const NodeId state = state_of(g_[i].aux);
    if (state == kNoNode) continue;
    context_ = name_[state];
    reset += fmt::format("      {} <= {};\n", name_[state], literal(g_.registers[g_[i].aux].initial));
    update += fmt::format("      {} <= {};\n", name_[state], reference(g_[i].in[0], s));
  }
  if (update.empty()) return;
  out_ += fmt::format("  always @(posedge ap_clk)\n    if (!ap_rst_n) begin\n{}    end else if ({}) begin\n{}    end\n",
                      reset, valid(s), update);
}

void Emitter::outputs(int s) {
  for (NodeId i : by_stage_[s]) {
    if (g_[i].op != Op::output) continue;
    const Stream& t = g_.streams[g_[i].aux];
    context_ = t.name;
    const std::string write = reference(g_[i].in[0], s), data = reference(g_[i].in[1], s);
    const std::string fault = t.name + "_fault";
    auto reserved = [&](int st) { return g_[i].in.size() == 3 ? " & " + reference(g_[i].in[2], st) : ""; };
    out_ += fmt::format(
        "{10}  hls_output_queue #(.WIDTH({0}), .DEPTH({1}), .LATE({9}){11}) u_{2} (\n"
        "      .clk(ap_clk), .rst_n(ap_rst_n), .issue(valid_s0{6}), .room({2}_room),\n"
        "      .done({3}{7}), .write({4}), .wdata({5}),\n"
        "      .tdata({8}), .tvalid({2}_tvalid), .tready({2}_tready), .fault({12}));\n",
        t.width, queue_depth(s, schedule_.interval), t.name, valid(s), write, data, reserved(0), reserved(s),
        word_of(t), schedule_.late_outputs.count(i), has_parity_ ? fmt::format("  wire {};\n", fault) : "",
        has_parity_ ? ", .PARITY(1)" : "", has_parity_ ? fault : "");
    if (has_parity_) faults_.push_back(fault);
  }
}

/// A register that keeps what was written last, and a pulse beside it.
void Emitter::scalar_outputs(int s) {
  for (NodeId i : by_stage_[s]) {
    if (g_[i].op != Op::port) continue;
    const ScalarPort& p = g_.outputs[g_[i].aux];
    context_ = p.name;
    const std::string written = reference(g_[i].in[0], s), data = reference(g_[i].in[1], s);
    out_ += fmt::format(
        "  always @(posedge ap_clk)\n    if (!ap_rst_n) begin\n      {0} <= {1};\n      {0}_ap_vld <= 1'b0;\n"
        "    end else begin\n      {0}_ap_vld <= {2} & {3};\n      if ({2} & {3}) {0} <= {4};\n    end\n",
        p.name, literal(APInt(p.width, 0)), valid(s), written, data);
  }
}

void Emitter::assertions(int s) {
  std::string text;
  for (NodeId i : by_stage_[s]) {
    if (g_[i].op != Op::check) continue;
    const SourceLocation at = g_.location(i);
    context_ = names_.unique(fmt::format("a_{}_{}", identifier(llvm::sys::path::stem(at.file)), at.line));
    text += fmt::format("  always @(posedge ap_clk) if (ap_rst_n & {}) {} : assert ({});{}\n", valid(s), context_,
                        reference(g_[i].in[0], s), location_comment(i));
  }
  if (!text.empty()) out_ += "`ifndef SYNTHESIS\n`ifndef YOSYS\n" + text + "`endif\n`endif\n";
}

void Emitter::result() {
  const NodeId r = sink_of(Op::result, -1);
  context_ = "result";
  const std::string value = reference(g_[r].in[0], schedule_.last_stage);
  out_ += in_task_ ? fmt::format("    result_value = {};\n", value) : fmt::format("  assign result = {};\n", value);
}

void Emitter::pipeline_registers() {
  for (int s = 1; s <= schedule_.last_stage; s++) {
    std::string moves;
    for (NodeId i = 0; i < g_.size(); i++) {
      if (!is_emitted(i) || g_[i].is_sink() || g_[i].op == Op::argument) continue;
      const int c = copy(i, s);
      if (c < 1 || c >= static_cast<int>(windows_[i].size()) || windows_[i][c].empty() || first_stage(i, c) != s)
        continue;
      const Window w = windows_[i][c];
      moves += fmt::format("    {} <= {};\n", name_in(i, s), select(i, w.lo, w.hi - w.lo, s - 1));
    }
    if (moves.empty()) continue;
    out_ += fmt::format("\n  // ---- registers between stages {} and {}\n", s - 1, s);
    on_clock_after(s - 1, moves);
  }
}

Emission emit_kernel(const Graph& graph, const Schedule& schedule, const std::string& name, bool parity) {
  return Emitter(graph, schedule, name, name, true, parity).run();
}

Emission emit_start(const Graph& graph, const Schedule& schedule, const std::string& name, bool parity) {
  return Emitter(graph, schedule, name, name, true, parity).run_start();
}

Emission emit_module(const Graph& graph, const Schedule& schedule, const std::string& name, const std::string& kernel) {
  return Emitter(graph, schedule, name, kernel, false).run();
}

}  // namespace sapulse::hlsc
