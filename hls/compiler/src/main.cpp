// SPDX-License-Identifier: Apache-2.0
// hlsc: C++ kernels to SystemVerilog.
#include <algorithm>
#include <cstdio>
#include <fstream>

#include "CLI/CLI.hpp"
#include "clang.h"
#include "compile.h"
#include "cosim/given.h"
#include "cosim/run.h"
#include "diagnostics.h"
#include "emit/layout.h"
#include "emit/types_package.h"
#include "fmt/format.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "pipeline.h"
#include "schedule/delay.h"
#include "vitis.h"

namespace {

using namespace sapulse::hlsc;

struct Options {
  std::string output, report_file, layout_file, simulation_file, vitis_file, view, reference, top, dump_after,
      package = "types_pkg";
  std::string part = "xcu50-fsvh2104-2-e";
  double megahertz = 322.27;
  int levels = 0, interval = 0;
  std::vector<std::string> inputs, includes, defines, natives, below, given;
  std::uint64_t seed = 1;
  unsigned words = 1000;
  bool cosim = false, parity = false, types = false, no_retiming = false, allow_slow = false, werror = false;
};

/// An unchanged file keeps its time, so that a build does not repeat what was made from it.
void write_file(const std::string& name, const std::string& text) {
  const auto old = llvm::MemoryBuffer::getFile(name, true);
  if (old && (*old)->getBuffer() == text) return;
  std::ofstream out(name, std::ios::binary);
  out << text;
  out.close();
  if (!out) fail(fmt::format("cannot write '{}'", name));
}

std::unique_ptr<llvm::Module> read_bitcode(const std::string& file, llvm::LLVMContext& context) {
  llvm::SMDiagnostic diagnostic;
  std::unique_ptr<llvm::Module> module = llvm::parseIRFile(file, diagnostic, context);
  if (!module) fail(fmt::format("cannot read '{}': {}", file, diagnostic.getMessage().str()));
  return module;
}

/// -I and -D for clang.
std::vector<std::string> clang_options(const Options& o) {
  std::vector<std::string> options;
  options.reserve(o.includes.size() + o.defines.size());
  for (const std::string& folder : o.includes) options.push_back("-I" + folder);
  for (const std::string& define : o.defines) options.push_back("-D" + define);
  return options;
}

/// All inputs as one module.
std::unique_ptr<llvm::Module> read_inputs(const Options& o, llvm::LLVMContext& context) {
  std::unique_ptr<llvm::Module> all;
  for (const std::string& input : o.inputs) {
    const std::string instance = !all && is_instance(o.top) ? o.top : "";
    std::unique_ptr<llvm::Module> m =
        read_bitcode(is_source(input) ? Bitcode(input, clang_options(o), instance).file() : input, context);
    if (!all) {
      all = std::move(m);
    } else if (llvm::Linker::linkModules(*all, std::move(m))) {
      fail(fmt::format("internal error: '{}' cannot be linked", input));  // LLVM itself tells what is defined twice
    }
  }
  return all;
}

/// NAME=N of --below.
Bounds bounds(const std::vector<std::string>& texts) {
  Bounds r;
  for (const std::string& text : texts) {
    const auto [name, number] = llvm::StringRef(text).split('=');
    if (number.getAsInteger(0, r[name.str()]) || r[name.str()] == 0) fail(fmt::format("--below {}: not NAME=N", text));
  }
  return r;
}

/// The exit code.
int run(const Options& o) {
  llvm::LLVMContext context;
  const std::unique_ptr<llvm::Module> module = read_inputs(o, context);
  if (o.types) {
    write_file(o.output, emit_types_package(*module, o.package));
    return 0;
  }
  CompileOptions options;
  options.top = o.top;
  options.megahertz = o.levels ? 0 : o.megahertz;
  options.schedule.levels = o.levels ? o.levels : delay::levels_for(o.megahertz);
  options.interval = o.interval;
  options.schedule.retime = !o.no_retiming;
  options.view = !o.view.empty();
  options.reference = !o.reference.empty();
  options.parity = o.parity;
  options.natives = o.natives;
  options.allow_slow = o.allow_slow;
  options.simulation = o.cosim || !o.simulation_file.empty();
  options.bench = o.cosim;
  options.below = bounds(o.below);
  for (const std::string& text : o.given) read_given(text, options.given);
  options.dump_after = o.dump_after;
  options.show_graph = [](const std::string& graph) { fmt::print("{}", graph); };
  const Compilation c = compile(*module, options);
  for (const std::string& n : c.notes) fmt::print(stderr, "{}\n", n);
  for (const std::string& w : c.warnings) fmt::print(stderr, "{}\n", w);
  if (o.werror && !c.warnings.empty()) fail("refused because of its warnings, with --werror");
  if (!o.output.empty()) write_file(o.output, c.verilog);
  if (!o.report_file.empty()) write_file(o.report_file, c.report);
  if (!o.layout_file.empty()) write_file(o.layout_file, c.layout);
  if (!o.simulation_file.empty()) write_file(o.simulation_file, c.simulation);
  if (!o.view.empty()) {
    write_file(o.view + ".sv", c.view_verilog);
    write_file(o.view + ".cpp", c.view_cpp);
  }
  if (!o.reference.empty()) {
    write_file(o.reference + ".sv", c.reference);
    write_file(o.reference + ".json", c.places);
  }
  if (!o.vitis_file.empty()) {
    write_file(o.vitis_file, vitis_script({o.inputs, o.top, o.part, o.megahertz, o.includes, o.defines, o.interval}));
  }
  return !o.cosim || run_cosim(c, {o.inputs, clang_options(o), o.seed, o.words}) ? 0 : 1;
}

/// Whether there is a pass of that name; `list` asks for the names alone.
std::string check_pass(const std::string& name) {
  std::string names;
  for (const Pass& p : passes()) {
    if (name == p.name) return "";
    names += fmt::format("{}{}", names.empty() ? "" : ", ", p.name);
  }
  if (name != "list") return fmt::format("no pass '{}'; there are {}", name, names);
  fmt::print("{}\n", names);
  throw CLI::Success();
}

int compile_from_command_line(int argc, char** argv) {
  CLI::App app{"hlsc: C++ kernels to SystemVerilog"};
  Options o;
  app.add_option("input", o.inputs, "C++ sources of the kernel (.cpp, .cc, .cxx), or LLVM bitcode")->required();
  app.add_option("-I", o.includes, "folder with headers, for clang")->allow_extra_args(false);
  app.add_option("-D", o.defines, "macro NAME or NAME=VALUE, for clang")->allow_extra_args(false);
  app.add_option("-o,--output", o.output, "SystemVerilog file to write; required unless there is --cosim");
  app.add_option("--report", o.report_file, "schedule report to write");
  app.add_option("--layout", o.layout_file, "C++ header to write: where payloads are in memory, for co-simulations");
  app.add_option("--simulation", o.simulation_file,
                 "C++ header to write: the processes and the streams between them, for hls::simulation");
  CLI::Option* cosim = app.add_flag("--cosim", o.cosim,
                                    "run the kernel natively and, with Verilator, as RTL, and compare what they write");
  app.add_option("--seed", o.seed, "of the random words and stalls of --cosim")->needs(cosim)->capture_default_str();
  app.add_option("--words", o.words, "for each input stream of --cosim, and at most from each output stream")
      ->needs(cosim)
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app.add_option("--below", o.below, "NAME=N: scalars and members of that name are less than N in --cosim")
      ->allow_extra_args(false)
      ->needs(cosim);
  app.add_option("--given", o.given,
                 "NAME=FILE: what the input stream or scalar NAME gets in --cosim instead of random words")
      ->allow_extra_args(false)
      ->needs(cosim);
  CLI::Option* vitis =
      app.add_option("--vitis", o.vitis_file, "Tcl script to write: the same source through Vitis HLS");
  CLI::Option* view = app.add_option("--view", o.view,
                                     "simulation view to write: FILE.sv, the same module without its pipeline, "
                                     "and FILE.cpp, which it calls")
                          ->type_name("FILE");
  app.add_option("--native", o.natives, "function of scalars that stays C++ in the view")
      ->allow_extra_args(false)
      ->type_name("FUNCTION")
      ->needs(view);
  app.add_option(
         "--reference", o.reference,
         "what a proof compares the module with: FILE.sv, the source as combinational logic, and FILE.json, where "
         "the module has its values")
      ->type_name("FILE");
  app.add_flag(
      "--parity", o.parity,
      "parity of words that wait in output queues, and an output memory_fault: a pulse for each word that leaves "
      "with a flipped bit");
  app.add_option("--part", o.part, "chip for that script")->needs(vitis)->capture_default_str();
  CLI::Option* top =
      app.add_option("--top", o.top, "function that is the kernel; f<8> of a template that the first source has");
  CLI::Option* clock = app.add_option("--clock-mhz", o.megahertz, "target clock")
                           ->check(CLI::Range(10.0, 1000.0))
                           ->capture_default_str();
  app.add_option("--levels", o.levels, "LUT levels per stage, instead of a clock")
      ->check(CLI::Range(1, 64))
      ->excludes(clock);
  app.add_option("--ii", o.interval,
                 "initiation interval: cycles from one iteration to the next, instead of the source's PIPELINE II")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--no-retiming", o.no_retiming, "keep every operation in the earliest stage");
  app.add_flag("--allow-slow", o.allow_slow,
               "accept recurrences and operations that need more levels than a stage has");
  app.add_flag("--werror", o.werror, "refuse a kernel that there are warnings about");
  app.add_option("--dump-after", o.dump_after, "print the graph after this pass; `list`: print the names of the passes")
      ->check(CLI::Validator(check_pass, "PASS"));
  CLI::Option* types =
      app.add_flag("--types", o.types, "write a package with the types instead of a kernel")->excludes(top);
  app.add_option("--package", o.package, "name of that package")->needs(types)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (!o.types && o.top.empty()) {
    fmt::print(stderr, "hlsc: error: --top or --types is required\n");
    return 2;
  }
  if (o.output.empty() && !o.cosim) {
    fmt::print(stderr, "hlsc: error: -o or --cosim is required\n");
    return 2;
  }
  const auto other = std::find_if_not(o.inputs.begin(), o.inputs.end(), is_source);
  if ((*vitis || o.cosim) && other != o.inputs.end()) {
    fmt::print(stderr, "hlsc: error: {} takes C++ source, not '{}'\n", o.cosim ? "--cosim" : "--vitis", *other);
    return 2;
  }
  if (*vitis && is_instance(o.top)) {
    fmt::print(stderr, "hlsc: error: Vitis HLS takes no template as a top; --vitis needs a function that calls '{}'\n",
               o.top);
    return 2;
  }
  return run(o);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return compile_from_command_line(argc, argv);
  } catch (const std::exception& e) {  // a refused kernel, or out of memory
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
