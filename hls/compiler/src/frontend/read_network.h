// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "frontend/memory_ports.h"
#include "llvm/IR/Function.h"
#include "network/network.h"

namespace sapulse::hlsc {

/// The network that a function describes; its module stays as it is. Throws Error for a function that does more than
/// calling processes, each of them once.
/// @param name of the network
Network read_network(llvm::Function& f, const std::string& name, const Surroundings& surroundings);

/// The parameters of a kernel or a network, in their order.
std::vector<OuterParameter> outer_parameters(llvm::Function& f, const Surroundings& surroundings);

/// A kernel's result as a parameter behind the others that is written, if it has one.
void add_result(llvm::Function& f, std::vector<OuterParameter>& parameters);

}  // namespace sapulse::hlsc
