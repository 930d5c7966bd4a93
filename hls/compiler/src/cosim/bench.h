// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cosim/given.h"
#include "emit/layout.h"
#include "kernel.h"
#include "network/network.h"

namespace sapulse::hlsc {

/// Name of the wrapper.
inline constexpr const char kCosimTop[] = "hlsc_cosim_top";

struct BenchOptions {
  std::string name;  ///< of the kernel
  Bounds below;      ///< of random values
  Given given;       ///< what is not random
};

/// A program that gives random words, or those that are given, to the native kernel or network and to its Verilated
/// RTL. Where processes ask their streams, the native run is told what those in the RTL were answered. Throws Error for
/// parameters that it cannot handle.
Bench make_bench(const Interface& ports, const std::vector<OuterParameter>& parameters,
                 const std::vector<MemoryPort>& memories, const BenchOptions& options);

}  // namespace sapulse::hlsc
