// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernel.h"

namespace sapulse::hlsc {

/// A module for each process of a network, and one that connects them. The function's module stays as it is. Throws
/// Error.
/// @param module of the network; its processes are named after `name`
Part compile_network(llvm::Function& function, const std::string& name, const std::string& module,
                     const Surroundings& surroundings, const CompileOptions& options);

}  // namespace sapulse::hlsc
