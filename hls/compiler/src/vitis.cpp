// SPDX-License-Identifier: Apache-2.0
#include "vitis.h"

#include "clang.h"
#include "fmt/format.h"
#include "llvm/ADT/StringExtras.h"

namespace sapulse::hlsc {

namespace {

/// As a part of a word of Tcl, whatever is in it.
std::string quoted(const std::string& text) {
  std::string word;
  for (char c : text) {
    if (!llvm::isAlnum(c) && llvm::StringRef("_-./=+:").find(c) == llvm::StringRef::npos) word += '\\';
    word += c;
  }
  return word;
}

}  // namespace

std::string vitis_script(const VitisRun& run) {
  std::string flags = "-std=c++20 -I[file normalize $headers]";
  for (const std::string& folder : run.includes) flags += " -I" + quoted(absolute(folder));
  for (const std::string& define : run.defines) flags += " -D" + quoted(define);
  const std::string name = run.top.substr(run.top.rfind(':') + 1);
  std::string files;
  for (const std::string& source : run.sources)
    files += fmt::format("add_files {} -cflags \"{}\"\n", quoted(absolute(source)), flags);
  const std::string directive =
      run.interval ? fmt::format("set_directive_pipeline -II {} {}\n", run.interval, name) : "";
  return fmt::format(
      "# Made by hlsc: the same kernel through Vitis HLS, in the project {0} where this is run.\n"
      "#   vitis_hls -f FILE\n"
      "set headers {0}_headers\n"
      "file mkdir $headers\n"
      "file copy -force {1} $headers\n"
      "open_project -reset {0}\n"
      "set_top {2}\n"
      "{3}"
      "open_solution -reset solution -flow_target vivado\n"
      "set_part {4}\n"
      "create_clock -period {5:.3f} -name default\n"
      "{6}"
      "csynth_design\n"
      "export_design -format ip_catalog\n"
      "exit\n",
      name, quoted(resource_folder(Resource::include) + "/hls_module.h"), run.top, files, quoted(run.part),
      1000 / run.megahertz, directive);
}

}  // namespace sapulse::hlsc
