// SPDX-License-Identifier: Apache-2.0
#include "cosim/run.h"

#include <cstdlib>
#include <fstream>
#include <optional>

#include "clang.h"
#include "diagnostics.h"
#include "fmt/format.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

namespace sapulse::hlsc {

namespace {

/// A folder that goes away with the object.
class Folder {
 public:
  Folder() {
    llvm::SmallString<128> name;
    if (llvm::sys::fs::createUniqueDirectory("hlsc", name)) fail("cannot make a temporary file");
    name_ = name.str().str();
  }
  ~Folder() {
    // If it cannot be removed, a folder stays behind among the temporary ones.
    [[maybe_unused]] const std::error_code unremoved = llvm::sys::fs::remove_directories(name_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name) const { return name_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream out(file(name), std::ios::binary);
    out << text;
    out.close();
    if (!out) fail("cannot write '" + file(name) + "'");
  }

 private:
  std::string name_;
};

/// -I of folders that stay what they are in another working directory.
std::string as_seen_from_elsewhere(const std::string& option) {
  return llvm::StringRef(option).starts_with("-I") ? "-I" + absolute(option.substr(2)) : option;
}

int execute(const std::vector<std::string>& words, const std::string& log) {
  const std::vector<llvm::StringRef> arguments(words.begin(), words.end());
  const std::optional<llvm::StringRef> to_log = log.empty() ? std::nullopt : std::optional<llvm::StringRef>(log);
  return llvm::sys::ExecuteAndWait(words[0], arguments, std::nullopt, {std::nullopt, to_log, to_log});
}

std::string find_verilator() {
  const char* given = std::getenv("HLSC_VERILATOR");
  const std::string name = given ? given : "verilator";
  const auto found = llvm::sys::findProgramByName(name);
  if (!found || !llvm::sys::fs::can_execute(*found))
    fail("cannot find '" + name + "'; --cosim needs Verilator, which HLSC_VERILATOR names");
  return *found;
}

std::vector<std::string> verilator_command(const Folder& folder, const CosimRun& run) {
  // No warnings of what hlsc has made; what a co-simulation runs is built in less time without optimisation.
  std::string flags = "-std=c++20 -w -ftrivial-auto-var-init=zero -I" + resource_folder(Resource::include) + " -I" +
                      resource_folder(Resource::cosim) + " -I" + folder.file("");
  for (const std::string& o : run.options) flags += " " + as_seen_from_elsewhere(o);
  const std::string library = resource_folder(Resource::library);
  return {find_verilator(),
          "--cc",
          "--exe",
          "--build",
          "-Wno-fatal",
          "-Wno-lint",
          "-Wno-style",
          "--assert",
          "--x-assign",
          "unique",
          "--x-initial",
          "unique",
          "--top-module",
          "hlsc_cosim_top",
          "-Mdir",
          folder.file("obj"),
          "-o",
          "bench",
          "-CFLAGS",
          flags,
          "-MAKEFLAGS",
          "CXX=" + find_clang() + " OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O0",
          folder.file("kernel.sv"),
          "-y",
          library,
          folder.file("bench.cpp")};
}

}  // namespace

bool run_cosim(const Compilation& c, const CosimRun& run) {
  const Folder folder;
  folder.write("kernel.sv", c.verilog + c.bench.wrapper);
  folder.write("simulation.h", c.simulation);
  folder.write("layout.h", c.layout);
  folder.write("source.h", "#include \"" + absolute(run.source) + "\"\n");
  folder.write("bench.cpp", c.bench.program);
  const std::string log = folder.file("log");
  if (execute(verilator_command(folder, run), log) != 0) {
    const auto text = llvm::MemoryBuffer::getFile(log);
    fail(fmt::format("the co-simulation cannot be built: {}", text ? (*text)->getBuffer().str() : ""));
  }
  return execute({folder.file("obj/bench"), std::to_string(run.seed), std::to_string(run.words)}, "") == 0;
}

}  // namespace sapulse::hlsc
