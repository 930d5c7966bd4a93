// SPDX-License-Identifier: Apache-2.0
// LLVM IR without loops and local memory -> predicated data-flow graph.
#pragma once

#include "frontend/frontend.h"

namespace sapulse::hlsc {

/// @param modules descriptions of the module functions that the unit calls
Graph lower(const Unit& unit, const std::vector<SubModule>& modules);

}  // namespace sapulse::hlsc
