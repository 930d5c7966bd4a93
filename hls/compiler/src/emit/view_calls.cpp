// SPDX-License-Identifier: Apache-2.0
#include "emit/view_calls.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"

namespace sapulse::hlsc {

std::string ViewArgument::in_verilog() const {
  const std::string range = width == 1 ? "" : fmt::format("[{}:0] ", width - 1);
  return fmt::format("{} bit {}{}", is_output ? "output" : "input", range, name);
}

std::string ViewArgument::in_cpp() const {
  if (width == 1) return (is_output ? "svBit* " : "svBit ") + name;
  return (is_output ? "svBitVecVal* " : "const svBitVecVal* ") + name;
}

std::string view_function(const ViewedKernel& kernel, const char* what) {
  return fmt::format("hls_view_{}_{}", kernel.name, what);
}

std::vector<NodeId> sinks_of(const Graph& g, Op op) {
  std::vector<NodeId> r;
  for (NodeId s : g.sinks) {
    if (g[s].op == op) r.push_back(s);
  }
  std::sort(r.begin(), r.end(), [&](NodeId a, NodeId b) { return g[a].aux < g[b].aux; });
  return r;
}

int written_in_stage(const ViewedKernel& kernel, Op op, int aux) {
  for (NodeId s : sinks_of(kernel.rtl, op)) {
    if (kernel.rtl[s].aux == aux) return kernel.schedule.stage[s];
  }
  fail("internal error: the simulation view of '" + kernel.name + "' writes what the kernel does not write");
}

std::vector<ViewArgument> start_arguments(const ViewedKernel& kernel) {
  const Graph& g = kernel.software;
  std::set<int> words, flags;
  for (const Node& n : g.nodes) {
    if (n.op == Op::input) words.insert(n.aux);
    if (n.op == Op::empty) flags.insert(n.aux);
  }
  std::vector<ViewArgument> r;
  for (int i : words) {
    const Stream& s = g.streams[i];
    r.push_back({s.name + "_word", s.width, false, s.name + (s.channels.empty() ? "_tdata" : "_word")});
  }
  for (int i : flags) r.push_back({g.streams[i].name + "_empty", 1, false, "~" + g.streams[i].name + "_tvalid"});
  for (const ScalarPort& a : g.arguments) r.push_back({a.name, a.width, false, a.name});
  for (NodeId c : sinks_of(g, Op::check)) {
    const std::string name = fmt::format("holds_{}", g[c].aux);
    r.push_back({name, 1, true, "hls_view_" + name});
  }
  return r;
}

std::vector<ViewArgument> clock_arguments(const ViewedKernel& kernel) {
  const Graph& g = kernel.software;
  std::vector<ViewArgument> r = {{"reset", 1, false, "~ap_rst_n"}};
  auto output = [&](const std::string& name, unsigned width) { r.push_back({name, width, true, "hls_view_" + name}); };
  for (NodeId o : sinks_of(g, Op::output)) {
    const Stream& s = g.streams[g[o].aux];
    r.push_back({s.name + "_ready", 1, false, s.name + "_tready"});
    output(s.name + "_room", 1);
    output(s.name + "_valid", 1);
    output(s.name + "_data", s.width);
  }
  for (NodeId o : sinks_of(g, Op::port)) {
    const ScalarPort& p = g.outputs[g[o].aux];
    output(p.name + "_written", 1);
    output(p.name + "_data", p.width);
  }
  output("busy", 1);
  return r;
}

}  // namespace sapulse::hlsc
