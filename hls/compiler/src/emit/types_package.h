// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "llvm/IR/Module.h"

namespace sapulse::hlsc {

/// A SystemVerilog package with a packed struct for every struct (the first C++ member in the least significant bits),
/// a localparam for every enumerator and <TYPE>_WIDTH for every type that is defined outside of the HLS headers. The
/// bitcode is that of `-g -fno-eliminate-unused-debug-types`.
std::string emit_types_package(const llvm::Module& module, const std::string& package_name);

}  // namespace sapulse::hlsc
