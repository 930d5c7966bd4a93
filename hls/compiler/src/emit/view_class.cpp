// SPDX-License-Identifier: Apache-2.0
#include "emit/emit.h"
#include "emit/software.h"
#include "emit/view_calls.h"
#include "fmt/format.h"

namespace sapulse::hlsc {

namespace {

std::string register_name(int aux) { return fmt::format("register_{}", aux); }

/// The members of a view that have a clock.
struct Part {
  std::string type, name;
  std::string started;  ///< arguments of start()
  bool is_queue = false;
  bool has_output = false;
};

std::vector<Part> parts_of(const ViewedKernel& k) {
  const Graph& g = k.software;
  auto in = [&](NodeId s, unsigned operand) { return value_name(g[s].in[operand]); };
  std::vector<Part> r;
  for (NodeId s : sinks_of(g, Op::output)) {
    const int stage = written_in_stage(k, Op::output, g[s].aux);
    const Stream& stream = g.streams[g[s].aux];
    r.push_back({fmt::format("queue<{}, {}, {}>", stream.width, queue_depth(stage, 1), stage), stream.name + "_queue",
                 fmt::format("{}, {}, {}", g[s].in.size() == 3 ? in(s, 2) : "true", in(s, 0), in(s, 1)), true, true});
  }
  for (NodeId s : sinks_of(g, Op::port)) {
    const ScalarPort& port = g.outputs[g[s].aux];
    r.push_back({fmt::format("scalar<{}, {}>", port.width, written_in_stage(k, Op::port, g[s].aux)),
                 port.name + "_scalar", in(s, 0) + ", " + in(s, 1), false, true});
  }
  for (NodeId s : sinks_of(g, Op::ram_write)) {
    const Memory& m = g.memories[g[s].aux];
    r.push_back({fmt::format("memory<{}, {}, {}>", m.width, m.depth, written_in_stage(k, Op::ram_write, g[s].aux)),
                 fmt::format("memory_{}", g[s].aux), fmt::format("{}, {}, {}", in(s, 0), in(s, 1), in(s, 2))});
  }
  return r;
}

std::string start_method(const ViewedKernel& k, const std::vector<Part>& parts) {
  const Graph& g = k.software;
  std::string parameters, body = Software(g, k.name).statements(g.sinks);
  for (const ViewArgument& a : start_arguments(k)) {
    parameters += parameters.empty() ? "" : ", ";
    parameters += a.is_output ? "svBit& " + a.name : fmt::format("const {}& {}", bits_type(a.width), a.name);
  }
  for (NodeId s : sinks_of(g, Op::state_next)) {
    body += fmt::format("    {} = {};\n", register_name(g[s].aux), value_name(g[s].in[0]));
  }
  for (NodeId s : sinks_of(g, Op::check)) {
    body += fmt::format("    holds_{} = {};\n", g[s].aux, value_name(g[s].in[0]));
  }
  for (const Part& p : parts) body += fmt::format("    {}.start({});\n", p.name, p.started);
  return fmt::format("  void start({}) {{\n{}    in_flight = {};\n  }}\n\n", parameters, body,
                     k.schedule.last_stage + 1);
}

std::string clock_method(const std::vector<Part>& parts) {
  std::string parameters, body;
  for (const Part& p : parts) {
    const std::string ready = p.is_queue ? p.name + "_ready" : "";
    if (p.is_queue) parameters += (parameters.empty() ? "bool " : ", bool ") + ready;
    body += fmt::format("    {}.clock({});\n", p.name, ready);
  }
  return fmt::format("  void clock({}) {{\n{}    if (in_flight != 0) in_flight--;\n  }}\n\n", parameters, body);
}

std::string reset_method(const ViewedKernel& k, const std::vector<Part>& parts) {
  const Graph& g = k.software;
  std::string body;
  for (std::size_t r = 0; r < g.registers.size(); r++) {
    body += fmt::format("    {} = {};\n", register_name(static_cast<int>(r)), bits_literal(g.registers[r].initial));
  }
  for (const Part& p : parts) body += fmt::format("    {}.reset();\n", p.name);
  return fmt::format("  void reset() {{\n{}    in_flight = 0;\n  }}\n\n", body);
}

std::string members(const ViewedKernel& k, const std::vector<Part>& parts) {
  const Graph& g = k.software;
  std::string r = "  unsigned in_flight = 0;  // cycles until the pipeline would be empty\n", busy = "in_flight != 0";
  for (std::size_t i = 0; i < g.registers.size(); i++) {
    r += fmt::format("  {} {} = {};  // {}\n", bits_type(g.registers[i].width), register_name(static_cast<int>(i)),
                     bits_literal(g.registers[i].initial), g.registers[i].name);
  }
  for (const Part& p : parts) {
    r += fmt::format("  {} {};\n", p.type, p.name);
    if (p.has_output) busy += fmt::format(" || {}.busy()", p.name);
  }
  return fmt::format("  bool busy() const {{ return {}; }}\n\n{}", busy, r);
}

std::string given(const ViewArgument& a) {
  if (a.is_output) return "*" + a.name;
  return a.width == 1 ? fmt::format("bits<1>({})", a.name) : fmt::format("load<{}>({})", a.width, a.name);
}

std::string returned(const ViewArgument& a, const std::string& value) {
  return a.width == 1 ? fmt::format("  *{} = (svBit)({});\n", a.name, value)
                      : fmt::format("  store<{}>({}, {});\n", a.width, a.name, value);
}

std::string parameters(const std::vector<ViewArgument>& list) {
  std::string r;
  for (const ViewArgument& a : list) r += ", " + a.in_cpp();
  return r;
}

/// What the clock returns of the outputs.
std::string results(const ViewedKernel& k) {
  const Graph& g = k.software;
  std::string r;
  for (NodeId o : sinks_of(g, Op::output)) {
    const Stream& s = g.streams[g[o].aux];
    const std::string queue = "v." + s.name + "_queue.";
    r += returned({s.name + "_room", 1, true, ""}, queue + "room()");
    r += returned({s.name + "_valid", 1, true, ""}, queue + "valid()");
    r += returned({s.name + "_data", s.width, true, ""}, queue + "data()");
  }
  for (NodeId o : sinks_of(g, Op::port)) {
    const ScalarPort& p = g.outputs[g[o].aux];
    r += returned({p.name + "_written", 1, true, ""}, fmt::format("v.{}_scalar.valid()", p.name));
    r += returned({p.name + "_data", p.width, true, ""}, fmt::format("v.{}_scalar.data()", p.name));
  }
  return r + returned({"busy", 1, true, ""}, "v.busy()");
}

std::string functions(const ViewedKernel& k) {
  const std::vector<ViewArgument> start = start_arguments(k), clock = clock_arguments(k);
  std::string started, ready;
  for (const ViewArgument& a : start) started += (started.empty() ? "" : ", ") + given(a);
  for (const ViewArgument& a : clock) {
    if (!a.is_output && a.name != "reset") ready += (ready.empty() ? "" : ", ") + a.name;
  }
  const std::string view = "  Kernel& v = *static_cast<Kernel*>(hls_view);\n";
  return fmt::format("extern \"C\" {{\n\nvoid* {}() {{ return new Kernel; }}\n", view_function(k, "create")) +
         fmt::format("void {}(void* hls_view) {{ delete static_cast<Kernel*>(hls_view); }}\n",
                     view_function(k, "destroy")) +
         fmt::format("void {}(void* hls_view{}) {{\n{}  v.start({});\n}}\n", view_function(k, "start"),
                     parameters(start), view, started) +
         fmt::format(
             "void {}(void* hls_view{}) {{\n{}  if (reset) {{\n    v.reset();\n  }} else {{\n    v.clock({});\n  "
             "}}\n{}}}\n\n}}\n",
             view_function(k, "clock"), parameters(clock), view, ready, results(k));
}

}  // namespace

std::string emit_view_class(const ViewedKernel& kernel) {
  const std::vector<Part> parts = parts_of(kernel);
  return fmt::format("{}struct Kernel {{\n{}{}{}{}}};\n\n}}  // namespace\n\n{}",
                     Software(kernel.software, kernel.name).tables(), start_method(kernel, parts), clock_method(parts),
                     reset_method(kernel, parts), members(kernel, parts), functions(kernel));
}

}  // namespace sapulse::hlsc
