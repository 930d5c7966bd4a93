// SPDX-License-Identifier: Apache-2.0
// The same source through the vendor's compiler.
#pragma once

#include <string>
#include <vector>

namespace sapulse::hlsc {

struct VitisRun {
  std::vector<std::string> sources;  ///< relative to the working directory, as the folders
  std::string top;
  std::string part;
  double megahertz = 0;
  std::vector<std::string> includes, defines;
  int interval = 0;  ///< cycles between iterations, instead of what the sources say; 0: as they say
};

/// A Tcl script for `vitis_hls -f`: makes a project with the name of the kernel where it is run. The vendor's headers
/// take the place of hlsc's, but for hls_module.h.
std::string vitis_script(const VitisRun& run);

}  // namespace sapulse::hlsc
