// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "emit/emit.h"
#include "emit/names.h"
#include "emit/stream_ports.h"
#include "emit/view_calls.h"
#include "fmt/format.h"
#include "frontend/debug_types.h"
#include "llvm/Support/Path.h"

namespace sapulse::hlsc {

namespace {

/// The nodes that decide whether an iteration starts and what it takes: conditions for reading, waiting and reserving,
/// and the state behind them.
class StartingNodes {
 public:
  explicit StartingNodes(const Graph& g) : g_(g), wanted_(g.nodes.size(), 0) {
    for (NodeId s : g.sinks) {
      sinks_[{g[s].op, g[s].aux}] = s;
    }
    for (NodeId s : g.sinks) {
      if (g[s].op == Op::read || g[s].op == Op::wait) want(s);
      if (g[s].op == Op::output && g[s].in.size() == 3) want(g[s].in[2]);
    }
    while (!work_.empty()) {
      const NodeId i = work_.back();
      work_.pop_back();
      for (NodeId k : g_[i].in) want(k);
      if (g_[i].op == Op::state) want_sink(Op::state_next, g_[i].aux);
      if (g_[i].op == Op::ram_read) want_sink(Op::ram_write, g_[i].aux);
    }
  }
  bool has(NodeId i) const { return wanted_[i]; }
  bool has_any(Op op) const {
    for (NodeId i = 0; i < g_.size(); i++) {
      if (wanted_[i] && g_[i].op == op) return true;
    }
    return false;
  }

 private:
  void want(NodeId i) {
    if (!wanted_[i]) work_.push_back(i);
    wanted_[i] = 1;
  }
  void want_sink(Op op, int aux) {
    if (const auto s = sinks_.find({op, aux}); s != sinks_.end()) want(s->second);
  }

  const Graph& g_;
  std::vector<char> wanted_;
  std::vector<NodeId> work_;
  std::map<std::pair<Op, int>, NodeId> sinks_;
};

std::string arguments(const std::vector<ViewArgument>& list, std::string (*text)(const ViewArgument&)) {
  std::string r;
  for (const ViewArgument& a : list) r += ",\n      " + text(a);
  return r;
}

std::string formal(const ViewArgument& a) { return a.in_verilog(); }
std::string actual(const ViewArgument& a) { return a.actual; }

std::string imports(const ViewedKernel& k) {
  return fmt::format(
      "  import \"DPI-C\" function chandle {}();\n"
      "  import \"DPI-C\" function void {}(input chandle hls_view);\n"
      "  import \"DPI-C\" function void {}(\n      input chandle hls_view{});\n"
      "  import \"DPI-C\" function void {}(\n      input chandle hls_view{});\n",
      view_function(k, "create"), view_function(k, "destroy"), view_function(k, "start"),
      arguments(start_arguments(k), formal), view_function(k, "clock"), arguments(clock_arguments(k), formal));
}

/// What the C++ returns, and registers that hold it, as it must change after the clock's edge.
std::string variables(const ViewedKernel& k) {
  std::string r = "  chandle hls_view;\n  initial hls_view = " + view_function(k, "create") + "();\n  final " +
                  view_function(k, "destroy") + "(hls_view);\n";
  for (const auto& list : {start_arguments(k), clock_arguments(k)}) {
    for (const ViewArgument& a : list) {
      if (a.is_output) r += fmt::format("  bit {}{};\n", range(a.width), a.actual);
    }
  }
  r += "  reg hls_view_busy_q;\n";
  for (NodeId o : sinks_of(k.software, Op::output)) {
    const Stream& s = k.software.streams[k.software[o].aux];
    r += fmt::format(
        "  reg hls_view_{0}_room_q, hls_view_{0}_valid_q;\n  reg {1}hls_view_{0}_data_q;\n"
        "  assign {0}_room = hls_view_{0}_room_q;\n  assign {0}_tvalid = hls_view_{0}_valid_q;\n"
        "  assign {0}{2} = hls_view_{0}_data_q;\n",
        s.name, range(s.width), s.channels.empty() ? "_tdata" : "_word");
  }
  return r;
}

std::string assertions(const ViewedKernel& k) {
  const Graph& g = k.software;
  std::string r;
  Names names;
  for (NodeId c : sinks_of(g, Op::check)) {
    const SourceLocation at = g.location(c);
    const std::string file = llvm::sys::path::filename(at.file).str();
    const std::string name = names.unique(fmt::format("a_{}_{}", identifier(llvm::sys::path::stem(file)), at.line));
    r += fmt::format("      {} : assert (hls_view_holds_{});  // {}:{}\n", name, g[c].aux, file, at.line);
  }
  return r;
}

std::string clocked(const ViewedKernel& k) {
  const Graph& g = k.software;
  std::string r = fmt::format(
      "  always @(posedge ap_clk) begin\n    if (valid_s0) begin\n      {}(hls_view{});\n{}    end\n"
      "    if (valid_s0 | hls_view_busy_q | ~ap_rst_n) begin\n      {}(hls_view{});\n      hls_view_busy_q <= "
      "hls_view_busy;\n",
      view_function(k, "start"), arguments(start_arguments(k), actual), assertions(k), view_function(k, "clock"),
      arguments(clock_arguments(k), actual));
  for (NodeId o : sinks_of(g, Op::output)) {
    r += fmt::format(
        "      hls_view_{0}_room_q <= hls_view_{0}_room;\n      hls_view_{0}_valid_q <= hls_view_{0}_valid;\n"
        "      hls_view_{0}_data_q <= hls_view_{0}_data;\n",
        g.streams[g[o].aux].name);
  }
  for (NodeId o : sinks_of(g, Op::port)) {
    r += fmt::format("      {0} <= hls_view_{0}_data;\n      {0}_ap_vld <= hls_view_{0}_written;\n",
                     g.outputs[g[o].aux].name);
  }
  return r + "    end\n  end\n";
}

}  // namespace

std::string emit_view_module(const ViewedKernel& kernel, const RtlModules& modules) {
  const StartingNodes starting(kernel.rtl);
  const RtlModules called = starting.has_any(Op::call) ? modules : RtlModules{};
  Graph graph = kernel.rtl;
  if (!starting.has_any(Op::rom)) graph.tables.clear();
  Schedule schedule = kernel.schedule;
  schedule.last_stage = 0;
  for (NodeId i = 0; i < graph.size(); i++) {
    if (!starting.has(i)) schedule.stage[i] = -1;
  }
  const Emission start = emit_start(graph, schedule, kernel.name, kernel.parity);
  const std::string package =
      called.tasks.empty() ? "" : fmt::format("package {};\n{}endpackage\n\n", task_package(kernel.name), called.tasks);
  const std::string no_fault = kernel.parity ? fmt::format("  assign {} = 1'b0;\n", kMemoryFault) : "";
  return fmt::format(
      "// verilator lint_off BLKSEQ\n{}{}// Simulation view of kernel '{}': stage 0; the rest is C++.\n{}\n"
      "  // ---- the iteration\n{}{}{}{}endmodule\n// verilator lint_on BLKSEQ\n",
      package, called.text, kernel.name, start.text, imports(kernel), variables(kernel), clocked(kernel), no_fault);
}

}  // namespace sapulse::hlsc
