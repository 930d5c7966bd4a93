// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kernel.h"
#include "network/network.h"

namespace sapulse::hlsc {

/// Name of the wrapper.
inline constexpr const char kCosimTop[] = "hlsc_cosim_top";

/// A program that gives random words to the native kernel or network and to its Verilated RTL. Throws Error for
/// parameters that it cannot handle.
Bench make_bench(const Interface& ports, const std::vector<OuterParameter>& parameters,
                 const std::vector<MemoryPort>& memories, const std::string& name);

}  // namespace sapulse::hlsc
