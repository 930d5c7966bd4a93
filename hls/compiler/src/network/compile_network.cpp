// SPDX-License-Identifier: Apache-2.0
#include "network/compile_network.h"

#include <map>
#include <set>

#include "emit/names.h"
#include "fmt/ranges.h"
#include "frontend/processes.h"
#include "frontend/read_network.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "network/emit_network.h"
#include "network/simulation.h"

namespace sapulse::hlsc {

namespace {

class NetworkCompiler {
 public:
  NetworkCompiler(const llvm::Module& module, const std::string& top, const std::string& top_module,
                  const CompileOptions& options)
      : module_(module), top_(top), top_module_(top_module), options_(options) {
    names_.reserve(top);
    names_.reserve(top_module);
  }

  /// Modules below are added to the result's text, each once.
  Part compile(llvm::Function& function, const std::string& name, const Surroundings& surroundings) {
    const Network network = read_network(function, name, surroundings);
    if (network.processes.empty()) fail(network.location, "a network without processes");
    llvm::append_range(result_.notes, network.notes);
    std::vector<Instance> instances;
    std::vector<const Part*> parts;
    std::vector<SimulatedProcess> simulated;
    for (const Process& p : network.processes) {
      instances.push_back(instance(p));
      parts.push_back(instances.back().part);
      simulated.push_back(simulated_process(p, instances.back()));
    }
    if (options_.simulation) {
      result_.simulation += simulation_of(network, name == top_module_ ? top_ : name, simulated, options_.bench);
    }
    Part part = emit_network(network, instances, link(network, parts));
    check_names(name, part.interface.arguments, part.interface.outputs);
    return part;
  }

  Part finish(Part top) {
    top.verilog = result_.verilog + top.verilog;
    top.report += result_.report;
    top.simulation = std::move(result_.simulation);
    top.warnings = std::move(result_.warnings);
    top.notes = std::move(result_.notes);
    return top;
  }

 private:
  SimulatedProcess simulated_process(const Process& p, const Instance& i) const {
    if (is_network(*module_.getFunction(p.function))) return {i.module, {}};
    return options_.bench ? as_simulated(i.part->interface.processes.front()) : SimulatedProcess();
  }

  Instance instance(const Process& p) {
    llvm::Function& function = *module_.getFunction(p.function);
    if (open_.count(p.function)) fail(p.location, "recursion: network '" + p.name + "' is a process of itself");
    const Surroundings surroundings = surroundings_of(p);
    const auto known = compiled_.find(key_of(p));
    if (known != compiled_.end()) {
      if (has_state(function)) {
        fail(p.location, "process '" + p.name +
                             "' has static variables and is called more than once, which would share them; make it a "
                             "template with a parameter that differs");
      }
      return {known->second.first, &known->second.second};
    }
    const std::string name = names_.unique(top_ + "_" + p.name);
    open_.insert(p.function);
    Part part = compile_process(function, name, surroundings);
    open_.erase(p.function);
    result_.verilog += part.verilog;
    result_.report += part.report;
    llvm::append_range(result_.warnings, part.warnings);
    llvm::append_range(result_.notes, part.notes);
    const auto& [module, compiled] = compiled_[key_of(p)] = {name, std::move(part)};
    return {module, &compiled};
  }

  Part compile_process(llvm::Function& function, const std::string& name, const Surroundings& surroundings) {
    if (is_network(function)) return compile(function, name, surroundings);
    const std::unique_ptr<llvm::Module> copy = CloneModule(module_);
    return compile_kernel(*copy->getFunction(function.getName()), name, surroundings, options_);
  }

  static Surroundings surroundings_of(const Process& p) {
    Surroundings r{{}, p.is_called};
    for (const Connection& c : p.connections) {
      if (c.kind == Connection::Kind::memory) r.memories.push_back(c.position);
    }
    return r;
  }

  /// What a process is compiled once for.
  static std::string key_of(const Process& p) {
    const Surroundings s = surroundings_of(p);
    return fmt::format("{} {} {}", p.function, s.is_called, fmt::join(s.memories, " "));
  }

  const llvm::Module& module_;
  std::string top_, top_module_;
  const CompileOptions& options_;
  Names names_;
  std::set<std::string> open_;                                    ///< functions of the networks that are being compiled
  std::map<std::string, std::pair<std::string, Part>> compiled_;  ///< name of the module, and the part
  Part result_;
};

}  // namespace

Part compile_network(llvm::Function& function, const std::string& name, const std::string& module,
                     const Surroundings& surroundings, const CompileOptions& options) {
  NetworkCompiler compiler(*function.getParent(), name, module, options);
  return compiler.finish(compiler.compile(function, module, surroundings));
}

}  // namespace sapulse::hlsc
