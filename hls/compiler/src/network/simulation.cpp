// SPDX-License-Identifier: Apache-2.0
#include "network/simulation.h"

#include "fmt/format.h"
#include "frontend/parameters.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace sapulse::hlsc {

namespace {

constexpr unsigned kDefaultDepth = 2;  ///< as in Vitis HLS

bool is_value(const OuterParameter& p) { return p.kind == OuterParameter::Kind::value; }

/// The function's head; streams and what is written through are references.
std::string head(const std::vector<OuterParameter>& parameters, const std::string& module) {
  std::string r = fmt::format("inline void simulate_{}(hls::simulation& simulation_, const std::string& path_", module);
  for (const OuterParameter& p : parameters) r += fmt::format(", auto{} {}", is_value(p) ? "" : "&", p.name);
  return r + ") {\n";
}

/// In front of a call that writes scalars, each a reference or a pointer.
std::string watch_call(bool has_steps, const std::vector<std::string>& written) {
  return written.empty() ? "" : fmt::format("COSIM_CALL({}, {}); ", has_steps, llvm::join(written, ", "));
}

/// @param once it is called once; otherwise again and again
std::string process(const std::string& name, const std::string& captures, const std::string& call, bool once) {
  if (!once) return fmt::format("  simulation_.add(path_ + \"{}\", [{}] {{ {}; }});\n", name, captures, call);
  return fmt::format(
      "  simulation_.add(path_ + \"{}\", [{}{}called_ = false]() mutable {{\n"
      "    if (std::exchange(called_, true)) return;\n    {};\n  }});\n",
      name, captures, captures.empty() ? "" : ", ", call);
}

/// A question, of a stream that is an expression in C++, an array of streams or one of them.
std::string question(const Question& q, const std::string& stream, bool is_array) {
  return fmt::format("{{{}{}{}, {}}}", is_array ? "" : "&", stream, is_array ? fmt::format(" + {}", q.element) : "",
                     q.is_full);
}

std::string watch(const std::vector<std::string>& questions) {
  return questions.empty() ? "" : fmt::format("  COSIM_WATCH(simulation_, {});\n", llvm::join(questions, ", "));
}

class Simulation {
 public:
  Simulation(const Network& network, bool for_cosim) : network_(network), for_cosim_(for_cosim) {}

  std::string text(const std::string& module, const std::vector<SimulatedProcess>& processes) const {
    std::string r = head(network_.parameters, module) + streams();
    for (std::size_t i = 0; i < network_.processes.size(); i++) {
      const Process& p = network_.processes[i];
      const std::string& network = processes[i].network;
      const std::string watched = for_cosim_ ? watch_call(processes[i].has_steps, written(p)) : "";
      r += network.empty()
               ? process(p.name, captures(p), fmt::format("{}{}({})", watched, p.cxx_name, arguments(p)), p.is_called)
               : fmt::format("  simulate_{}(simulation_, path_ + \"{}.\", {});\n", network, p.name, arguments(p));
      if (network.empty()) r += watch(questions(p, processes[i].questions));
    }
    return r + "}\n\n";
  }

 private:
  static std::vector<std::string> written(const Process& p) {
    std::vector<std::string> r;
    for (const Connection& c : p.connections) {
      if (c.kind == Connection::Kind::output) r.push_back(c.outer);
    }
    return r;
  }

  std::vector<std::string> questions(const Process& p, const std::vector<Question>& all) const {
    std::vector<std::string> r;
    for (const Question& q : all) {
      const auto c = llvm::find_if(p.connections, [&](const Connection& x) { return x.position == q.position; });
      r.push_back(question(q, stream(*c), c->takes_array));
    }
    return r;
  }

  std::string streams() const {
    std::string members;
    for (const StreamVariable& v : network_.streams) {
      if (!v.is_port) members += declaration(v);
    }
    if (members.empty()) return "";
    return fmt::format(
        "  struct streams_between {{\n    std::string path_;\n{}  }};\n"
        "  auto& between_ = simulation_.make<streams_between>(path_);\n",
        members);
  }

  std::string declaration(const StreamVariable& v) const {
    const unsigned words = v.depth.value_or(kDefaultDepth);
    const std::string depth = for_cosim_ ? fmt::format("COSIM_DEPTH({})", words) : std::to_string(words);
    if (!v.is_array) return fmt::format("    {} {}{{path_ + \"{}\", {}}};\n", v.cxx_type, v.name, v.name, depth);
    std::vector<std::string> elements;
    elements.reserve(v.count);
    for (unsigned i = 0; i < v.count; i++)
      elements.push_back(fmt::format("\n        {}{{path_ + \"{}\", {}}}", v.cxx_type, v.element(i), depth));
    return fmt::format("    {} {}[{}] = {{{}}};\n", v.cxx_type, v.name, v.count, llvm::join(elements, ","));
  }

  std::string arguments(const Process& p) const {
    std::vector<std::string> r;
    r.reserve(p.connections.size());
    for (const Connection& c : p.connections) r.push_back(c.kind == Connection::Kind::stream ? stream(c) : value(p, c));
    return llvm::join(r, ", ");
  }

  std::string stream(const Connection& c) const {
    const StreamVariable& v = network_.streams[c.variable];
    const std::string name = (v.is_port ? "" : "between_.") + v.name;
    if (!v.is_array) return (c.takes_array ? "&" : "") + name;
    if (!c.takes_array) return fmt::format("{}[{}]", name, c.first);
    return c.first ? fmt::format("{} + {}", name, c.first) : name;
  }

  static std::string value(const Process& p, const Connection& c) {
    if (!c.outer.empty()) return c.outer;
    if (c.scalars.size() != 1 || c.scalars[0].argument >= 0 || c.scalars[0].constant.getActiveBits() > 64) {
      fail(p.location, fmt::format("the C++ simulation cannot pass argument '{}', which is neither a parameter nor a "
                                   "number of 64 bits",
                                   c.parameter));
    }
    return fmt::format("static_cast<{}>({}ULL)", c.cxx_type, c.scalars[0].constant.getZExtValue());
  }

  std::string captures(const Process& p) const {
    std::vector<std::string> r;
    for (const Connection& c : p.connections) {
      std::string name = c.outer;
      if (c.kind == Connection::Kind::output || c.kind == Connection::Kind::memory) name = "&" + c.outer;
      if (c.kind == Connection::Kind::stream) {
        const StreamVariable& v = network_.streams[c.variable];
        name = "&" + (v.is_port ? v.name : "between_");
      }
      if (!name.empty() && !llvm::is_contained(r, name)) r.push_back(name);
    }
    return llvm::join(r, ", ");
  }

  const Network& network_;
  bool for_cosim_;
};

}  // namespace

std::string simulation_of(const Network& network, const std::string& module,
                          const std::vector<SimulatedProcess>& processes, bool for_cosim) {
  return Simulation(network, for_cosim).text(module, processes);
}

std::string simulation_of_kernel(const std::vector<OuterParameter>& parameters, const std::string& cxx_name,
                                 const std::string& module, const SimulatedProcess& simulated, bool is_called,
                                 bool for_cosim) {
  std::vector<std::string> captures, arguments, watched, written;
  std::string result;
  for (const OuterParameter& p : parameters) {
    captures.push_back((is_value(p) ? "" : "&") + p.name);
    if (for_cosim && p.kind == OuterParameter::Kind::output) written.push_back(p.name);
    if (p.name == kResultName) {
      result = p.name + " = ";
    } else {
      arguments.push_back(p.name);
    }
  }
  for (const Question& q : simulated.questions) {
    const auto p = llvm::find_if(parameters, [&](const OuterParameter& x) { return x.position == q.position; });
    watched.push_back(question(q, p->name, p->is_array));
  }
  return head(parameters, module) +
         process(module, llvm::join(captures, ", "),
                 fmt::format("{}{}{}({})", watch_call(simulated.has_steps, written), result, cxx_name,
                             llvm::join(arguments, ", ")),
                 is_called) +
         watch(watched) + "}\n\n";
}

}  // namespace sapulse::hlsc
