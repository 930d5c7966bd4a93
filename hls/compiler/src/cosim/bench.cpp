// SPDX-License-Identifier: Apache-2.0
#include "cosim/bench.h"

#include "emit/stream_ports.h"
#include "fmt/format.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace sapulse::hlsc {

namespace {

constexpr const char* kPrologue =
    "#include \"Vhlsc_cosim_top.h\"\n#include \"cosim_program.h\"\n#include \"source.h\"\n"
    "// the processes first\n#include \"simulation.h\"\n#include \"layout.h\"\n\n"
    "int main(int argc, char** argv) {\n  cosim::Program<Vhlsc_cosim_top> program(argc, argv);\n";

class Writer {
 public:
  Writer(const Interface& ports, const std::vector<MemoryPort>& memories, const std::string& name)
      : ports_(ports), memories_(memories), name_(name) {}

  std::string program(const std::vector<OuterParameter>& parameters) {
    std::string arguments;
    for (const OuterParameter& p : parameters) {
      if (p.kind == OuterParameter::Kind::stream) streams(p);
      if (p.kind == OuterParameter::Kind::value) value(p);
      if (p.kind == OuterParameter::Kind::output) output(p);
      if (p.kind == OuterParameter::Kind::memory) memory(p);
      arguments += ", " + p.name;
    }
    bundles();
    return kPrologue + text_ +
           fmt::format(
               "  hls::simulation simulation;\n  simulate_{}(simulation, \"\"{});\n"
               "  program.run(simulation);\n}}\n",
               name_, arguments);
  }

 private:
  void streams(const OuterParameter& p) {
    std::vector<const Stream*> elements;
    for (const Stream& s : ports_.streams) {
      if (s.position == p.position) elements.push_back(&s);
    }
    const unsigned count = elements.back()->element + 1;
    if (!p.is_array) {
      text_ += fmt::format("  {} {}(\"{}\", program.capacity());\n", p.cxx_type, p.name, p.name);
    } else {
      std::vector<std::string> each;
      each.reserve(count);
      for (unsigned i = 0; i < count; i++)
        each.push_back(fmt::format("{}(\"{}_{}\", program.capacity())", p.cxx_type, p.name, i));
      text_ += fmt::format("  {} {}[{}] = {{{}}};\n", p.cxx_type, p.name, count, llvm::join(each, ", "));
    }
    for (const Stream* s : elements) {
      const std::string element = p.is_array ? fmt::format("{}[{}]", p.name, s->element) : p.name;
      text_ += fmt::format(
          "  program.{0}({1}, {2}_layout::{3}, COSIM_PORT({3}_tdata), COSIM_PORT({3}_tvalid), "
          "COSIM_PORT({3}_tready));\n",
          s->is_input ? "input" : "output", element, name_, s->name);
    }
  }

  void value(const OuterParameter& p) {
    if (p.arguments != 1 || !has_port(ports_.arguments, p.name)) {
      fail(fmt::format("parameter '{}' of '{}': --cosim makes random scalars, but no structs", p.name, name_));
    }
    text_ += fmt::format("  const auto {0} = program.{2}<{1}>(COSIM_PORT({0}));\n", p.name, p.cxx_type,
                         memories_.empty() ? "value" : "count");
  }

  void memory(const OuterParameter& p) {
    const MemoryPort& m = *llvm::find_if(memories_, [&](const MemoryPort& x) { return x.position == p.position; });
    if (m.cxx_type != p.cxx_type) {
      fail(fmt::format("parameter '{}' of '{}': --cosim makes memories of one dimension", p.name, name_));
    }
    text_ += fmt::format("  {0}* {1} = program.memory<{0}>(\"{1}\", \"{2}\", {3}, {4}_layout::{1}", p.cxx_type, p.name,
                         m.bundle, m.depth, name_);
    text_ += m.has_offset ? fmt::format(", COSIM_PORT({}));\n", p.name) : ");\n";
  }

  /// The AXI4 ports, each once, and the start.
  void bundles() {
    for (std::size_t i = 0; i < memories_.size(); i++) {
      const MemoryPort& m = memories_[i];
      if (std::any_of(memories_.begin(), memories_.begin() + static_cast<std::ptrdiff_t>(i),
                      [&](const MemoryPort& other) { return other.bundle == m.bundle; }))
        continue;
      text_ += fmt::format("  COSIM_AXI(program.bench(), program.memories(\"{0}\"), m_axi_{0}, {1});\n", m.bundle,
                           8U << m.shift);
    }
    if (llvm::any_of(ports_.others, [](const PlainPort& p) { return p.name == "ap_start"; }))
      text_ += "  COSIM_CALLS(program.bench(), , 1);\n";
  }

  void output(const OuterParameter& p) {
    if (has_port(ports_.arguments, p.name) || has_port(ports_.arguments, p.name + "_i")) {
      fail(fmt::format("parameter '{}' of '{}' is read through a reference or a pointer: --cosim cannot tell when",
                       p.name, name_));
    }
    text_ += fmt::format("  {0} {1}_written{{}};\n  {2} {1} = {3}{1}_written;\n  program.ignore(\"{1}\");\n",
                         p.cxx_type, p.name, p.is_pointer ? "auto*" : "auto&", p.is_pointer ? "&" : "");
  }

  static bool has_port(const std::vector<ScalarPort>& ports, const std::string& name) {
    return llvm::any_of(ports, [&](const ScalarPort& p) { return p.name == name; });
  }

  const Interface& ports_;
  const std::vector<MemoryPort>& memories_;
  const std::string& name_;
  std::string text_;
};

std::string wrapper(const Interface& ports, const std::string& name) {
  std::string declarations = "    input  wire ap_clk,\n    input  wire ap_rst_n", connections;
  for (const ScalarPort& a : ports.arguments) {
    declarations += fmt::format(",\n    input  wire {}{}", range(a.width), a.name);
    connections += fmt::format(",\n      .{0}({0})", a.name);
  }
  for (const PlainPort& p : ports.others) {
    declarations += fmt::format(",\n    {} wire {}{}", p.is_output ? "output" : "input ", range(p.width), p.name);
    connections += fmt::format(",\n      .{0}({0})", p.name);
  }
  for (const Stream& s : ports.streams) {
    Stream whole = s;
    whole.channels.clear();
    declarations += port_declarations(whole);
    connections += port_connections(s, s.name, false);
  }
  return fmt::format(
      "\nmodule {} (\n{}\n);\n  {} u_kernel (\n      .ap_clk(ap_clk), .ap_rst_n(ap_rst_n){});\nendmodule\n", kCosimTop,
      declarations, name, connections);
}

}  // namespace

Bench make_bench(const Interface& ports, const std::vector<OuterParameter>& parameters,
                 const std::vector<MemoryPort>& memories, const std::string& name) {
  return {Writer(ports, memories, name).program(parameters), wrapper(ports, name)};
}

}  // namespace sapulse::hlsc
