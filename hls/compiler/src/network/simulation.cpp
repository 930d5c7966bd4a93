// SPDX-License-Identifier: Apache-2.0
#include "network/simulation.h"

#include "fmt/format.h"
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

/// @param once it is called once; otherwise again and again
std::string process(const std::string& name, const std::string& captures, const std::string& call, bool once) {
  if (!once) return fmt::format("  simulation_.add(path_ + \"{}\", [{}] {{ {}; }});\n", name, captures, call);
  return fmt::format(
      "  simulation_.add(path_ + \"{}\", [{}{}called_ = false]() mutable {{\n"
      "    if (!std::exchange(called_, true)) {};\n  }});\n",
      name, captures, captures.empty() ? "" : ", ", call);
}

class Simulation {
 public:
  explicit Simulation(const Network& network) : network_(network) {}

  std::string text(const std::string& module, const std::vector<std::string>& networks) const {
    std::string r = head(network_.parameters, module) + streams();
    for (std::size_t i = 0; i < network_.processes.size(); i++) {
      const Process& p = network_.processes[i];
      r += networks[i].empty()
               ? process(p.name, captures(p), fmt::format("{}({})", p.cxx_name, arguments(p)), p.is_called)
               : fmt::format("  simulate_{}(simulation_, path_ + \"{}.\", {});\n", networks[i], p.name, arguments(p));
    }
    return r + "}\n\n";
  }

 private:
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

  static std::string declaration(const StreamVariable& v) {
    const unsigned depth = v.depth.value_or(kDefaultDepth);
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
};

}  // namespace

std::string simulation_of(const Network& network, const std::string& module, const std::vector<std::string>& networks) {
  return Simulation(network).text(module, networks);
}

std::string simulation_of_kernel(const std::vector<OuterParameter>& parameters, const std::string& cxx_name,
                                 const std::string& module, bool is_called) {
  std::vector<std::string> captures, arguments;
  for (const OuterParameter& p : parameters) {
    captures.push_back((is_value(p) ? "" : "&") + p.name);
    arguments.push_back(p.name);
  }
  return head(parameters, module) +
         process(module, llvm::join(captures, ", "), fmt::format("{}({})", cxx_name, llvm::join(arguments, ", ")),
                 is_called) +
         "}\n\n";
}

}  // namespace sapulse::hlsc
