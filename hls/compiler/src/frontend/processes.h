// SPDX-License-Identifier: Apache-2.0
// Which functions are processes of a network, and which are networks.
#pragma once

#include "llvm/IR/Function.h"

namespace sapulse::hlsc {

/// Whether a function takes streams and is not the headers'.
bool is_process(const llvm::Function& f);

/// Whether a function is a network of processes: it has local streams, a pragma DATAFLOW, or calls a network.
bool is_network(const llvm::Function& f);

/// Whether a function or what it calls keeps something in variables that outlive a call.
bool has_state(const llvm::Function& f);

}  // namespace sapulse::hlsc
