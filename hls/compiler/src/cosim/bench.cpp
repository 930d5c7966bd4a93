// SPDX-License-Identifier: Apache-2.0
#include "cosim/bench.h"

#include <set>

#include "emit/stream_ports.h"
#include "fmt/format.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace sapulse::hlsc {

namespace {

constexpr const char* kPrologue =
    "{2}#include \"Vhlsc_cosim_top.h\"\n#include \"{0}.h\"\n#include \"source.h\"\n"
    "// the processes first\n#include \"simulation.h\"\n#include \"layout.h\"\n\n"
    "int main(int argc, char** argv) {{\n  cosim::{1}<Vhlsc_cosim_top> program(argc, argv);\n";

/// Whether the native run has to be told what the processes' questions were answered.
bool replays(const Interface& ports) {
  const std::vector<Watched>& processes = ports.processes;
  const bool asks = llvm::any_of(processes, [](const Watched& w) { return !w.questions.empty(); });
  // In which iteration a question was asked is only known where a call is an iteration, and memories are no streams.
  return asks && ports.others.empty() &&
         llvm::none_of(processes, [](const Watched& w) { return w.has_steps && !w.questions.empty(); });
}

class Writer {
 public:
  Writer(const Interface& ports, const std::vector<MemoryPort>& memories, const BenchOptions& options)
      : ports_(ports), memories_(memories), options_(options) {}

  std::string program(const std::vector<OuterParameter>& parameters) {
    std::string arguments;
    for (const OuterParameter& p : parameters) {
      if (p.kind == OuterParameter::Kind::stream) {
        streams(p);
      } else if (p.kind == OuterParameter::Kind::memory) {
        memory(p);
      } else {
        scalars(p);
      }
      arguments += ", " + p.name;
    }
    bundles();
    refuse_unused();
    const bool replay = replays(ports_);
    if (replay) traces();
    return (replay ? fmt::format(kPrologue, "cosim_replay", "Replay", "#define HLS_REPLAY\n")
                   : fmt::format(kPrologue, "cosim_program", "Program", "")) +
           text_ +
           fmt::format(
               "  hls::simulation simulation;\n  simulate_{}(simulation, \"\"{});\n"
               "  program.run(simulation);\n}}\n",
               options_.name, arguments);
  }

 private:
  void streams(const OuterParameter& p) {
    std::vector<const Stream*> elements;
    for (const Stream& s : ports_.streams) {
      if (s.position == p.position) elements.push_back(&s);
    }
    llvm::sort(elements, [](const Stream* a, const Stream* b) { return a->element < b->element; });
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
          "COSIM_PORT({3}_tready){4});\n",
          s->is_input ? "input" : "output", element, options_.name, s->name, s->is_input ? words(*s) : "");
    }
  }

  /// Where the words of an input stream come from.
  std::string words(const Stream& s) {
    const std::string often = frequent(s.name), these = given(s.name, s.width);
    return these.empty() || !often.empty() ? often + these : ", {}" + these;
  }

  /// What a stream or scalar is given, or nothing.
  std::string given(const std::string& name, unsigned bits) {
    const auto words = options_.given.find(name);
    if (words == options_.given.end()) return "";
    used_.insert(name);
    return initialiser(name, words->second, bits);
  }

  void refuse_unused() const {
    for (const auto& [name, words] : options_.given) {
      if (!used_.contains(name)) fail(fmt::format("--given {}: '{}' has no such input", name, options_.name));
    }
  }

  /// Constants that the kernel compares words with.
  std::string frequent(const std::string& stream) const {
    std::vector<std::string> r;
    for (const Compared& c : ports_.compared) {
      if (c.stream == stream && c.value.getBitWidth() <= 64)
        r.push_back(fmt::format("{{{}, {}, {}ULL}}", c.low, c.value.getBitWidth(), c.value.getZExtValue()));
    }
    return r.empty() ? "" : fmt::format(", {{{}}}", llvm::join(r, ", "));
  }

  void memory(const OuterParameter& p) {
    const MemoryPort& m = *llvm::find_if(memories_, [&](const MemoryPort& x) { return x.position == p.position; });
    if (m.cxx_type != p.cxx_type) {
      fail(fmt::format("parameter '{}' of '{}': --cosim makes memories of one dimension", p.name, options_.name));
    }
    text_ += fmt::format("  {0}* {1} = program.memory<{0}>(\"{1}\", \"{2}\", {3}, {4}_layout::{1}", p.cxx_type, p.name,
                         m.bundle, m.depth, options_.name);
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
      text_ += "  COSIM_CALLS(program.bench(), , 1);\n  program.called_once();\n";
  }

  /// Random values for what the kernel reads; all of them stay what they are.
  void scalars(const OuterParameter& p) {
    const bool is_written = llvm::any_of(p.leaves, [&](const Leaf& l) { return !output_port(p, l).empty(); });
    text_ += is_written ? fmt::format(
                              "  auto& {0}_written = program.written<{1}>();\n  auto& {0}_object = "
                              "{0}_written.object();\n",
                              p.name, p.cxx_type)
                        : fmt::format("  {} {}_object{{}};\n", p.cxx_type, p.name);
    bool is_read = false;
    for (const Leaf& l : p.leaves) {
      const std::string port = port_of(p, l);
      for (const std::string& in : {port, port + "_i"}) {
        if (!has_port(ports_.arguments, in)) continue;
        is_read = true;
        const auto bound = options_.below.find(port);
        const bool is_bounded = bound != options_.below.end();
        const std::string these = given(port, l.width);
        const char* kind = memories_.empty() || is_bounded || !these.empty() ? "value" : "count";
        text_ += fmt::format("  program.{5}(&{0}_object, {{{1}, {2}, {3}}}, COSIM_PORT({4}){6});\n", p.name, l.offset,
                             l.width, is_bounded ? bound->second : 0, in, kind, these);
      }
    }
    text_ += fmt::format("  {} {} = {}{}_object;\n", p.is_pointer ? "auto*" : "auto&", p.name, p.is_pointer ? "&" : "",
                         p.name);
    if (!is_written) return;
    if (is_read) text_ += fmt::format("  {}_written.restore();\n", p.name);
    for (const Leaf& l : p.leaves)
      text_ += fmt::format(
          "  program.value_written(\"{0}\", {1}_written, {{{2}, {3}}}, COSIM_PORT({0}), "
          "COSIM_PORT({0}_ap_vld));\n",
          output_port(p, l), p.name, l.offset, l.width);
  }

  static std::string port_of(const OuterParameter& p, const Leaf& l) {
    return p.name + (l.path.empty() ? "" : "_" + l.path);
  }
  /// Empty for a scalar that is not written.
  std::string output_port(const OuterParameter& p, const Leaf& l) const {
    for (const std::string& port : {port_of(p, l), port_of(p, l) + "_o"}) {
      if (has_port(ports_.outputs, port)) return port;
    }
    return "";
  }

  void traces() {
    for (std::size_t i = 0; i < ports_.processes.size(); i++) {
      const std::size_t questions = ports_.processes[i].questions.size();
      if (questions) text_ += fmt::format("  program.trace({0}, {1}, COSIM_PORT(trace_{0}));\n", i, questions);
    }
  }

  static bool has_port(const std::vector<ScalarPort>& ports, const std::string& name) {
    return llvm::any_of(ports, [&](const ScalarPort& p) { return p.name == name; });
  }

  const Interface& ports_;
  const std::vector<MemoryPort>& memories_;
  const BenchOptions& options_;
  std::string text_;
  std::set<std::string> used_;  ///< of what is given
};

/// A port for each process that asks: in bit 0 whether an iteration starts, above it the answers to its questions.
void trace(const Watched& w, std::size_t number, std::string& declarations, std::string& assignments) {
  if (w.questions.empty()) return;
  std::string bits;
  for (const Question& q : w.questions)
    bits = fmt::format("~u_kernel.{}{}_{}, {}", w.path, q.stream, q.is_full ? "room" : "tvalid", bits);
  declarations +=
      fmt::format(",\n    output wire {}trace_{}", range(static_cast<unsigned>(w.questions.size()) + 1), number);
  assignments += fmt::format("  assign trace_{} = {{{}u_kernel.{}valid_s0}};\n", number, bits, w.path);
}

std::string wrapper(const Interface& ports, const std::string& name) {
  std::string declarations = "    input  wire ap_clk,\n    input  wire ap_rst_n", connections;
  for (const ScalarPort& a : ports.arguments) {
    declarations += fmt::format(",\n    input  wire {}{}", range(a.width), a.name);
    connections += fmt::format(",\n      .{0}({0})", a.name);
  }
  for (const ScalarPort& o : ports.outputs) {
    declarations += fmt::format(",\n    output wire {0}{1},\n    output wire {1}_ap_vld", range(o.width), o.name);
    connections += fmt::format(",\n      .{0}({0}), .{0}_ap_vld({0}_ap_vld)", o.name);
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
  std::string traces;
  if (replays(ports)) {
    for (std::size_t i = 0; i < ports.processes.size(); i++) trace(ports.processes[i], i, declarations, traces);
  }
  return fmt::format(
      "\nmodule {} (\n{}\n);\n  {} u_kernel (\n      .ap_clk(ap_clk), .ap_rst_n(ap_rst_n){});\n{}endmodule\n",
      kCosimTop, declarations, name, connections, traces);
}

}  // namespace

Bench make_bench(const Interface& ports, const std::vector<OuterParameter>& parameters,
                 const std::vector<MemoryPort>& memories, const BenchOptions& options) {
  return {Writer(ports, memories, options).program(parameters), wrapper(ports, options.name)};
}

}  // namespace sapulse::hlsc
