// SPDX-License-Identifier: Apache-2.0
// The same source through the vendor's compiler.
#pragma once

#include <string>
#include <vector>

namespace sapulse::hlsc {

struct VitisRun {
  std::string source;  ///< relative to the working directory, as the folders
  std::string top;
  std::string part;
  double megahertz = 0;
  std::vector<std::string> includes, defines;
};

/// A Tcl script for `vitis_hls -f`: makes a project with the name of the kernel where it is run. The vendor's headers
/// take the place of hlsc's, but for hls_module.h.
std::string vitis_script(const VitisRun& run);

}  // namespace sapulse::hlsc
