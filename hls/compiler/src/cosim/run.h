// SPDX-License-Identifier: Apache-2.0
// A co-simulation: built in a temporary folder by Verilator and clang, and run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compile.h"

namespace sapulse::hlsc {

struct CosimRun {
  std::vector<std::string> sources;  ///< C++ files
  std::vector<std::string> options;  ///< of clang: -I and -D
  std::uint64_t seed = 1;
  unsigned words = 1000;  ///< for each input stream, and at most from each output stream
};

/// Prints what the two do, and returns whether they do the same. Throws Error if the tools are not to be found or
/// refuse their input. HLSC_VERILATOR names another Verilator, HLSC_CLANG another clang++.
/// @param compilation made with CompileOptions::bench
bool run_cosim(const Compilation& compilation, const CosimRun& run);

}  // namespace sapulse::hlsc
