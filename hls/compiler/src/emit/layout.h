// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// Upper bounds of random values, by name of the scalar: each is less.
using Bounds = std::map<std::string, std::uint64_t>;

/// A C++ header for co-simulations: for each stream of a kernel, where the scalars of its payload are in memory, in the
/// order of the wires.
std::string emit_layout(const std::vector<Stream>& streams, const std::string& kernel, const Bounds& below = {});

}  // namespace sapulse::hlsc
