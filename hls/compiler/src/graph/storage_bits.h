// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "graph/graph.h"

namespace sapulse::hlsc {

/// Removes bits of registers and memories that are never read or never change.
void remove_fixed_storage_bits(Graph& graph);

}  // namespace sapulse::hlsc
