// SPDX-License-Identifier: Apache-2.0
// Finds and makes the model of an SA capacity.
#pragma once

#include <memory>
#include <vector>

#include "pins.h"
#include "sapulse/error.h"

namespace sapulse::sim {

/// SA capacities that this build knows, ascending.
std::vector<unsigned> model_capacities();

/// A model of this capacity, with tracing if the options ask for a trace. Models that are not linked in are loaded from
/// the folder `lib` beside that of the program. Errors: invalid_argument (no such model), not_found (it has not been
/// built).
Result<std::unique_ptr<Model>> make_model(unsigned sa_capacity, const ModelOptions& options);

}  // namespace sapulse::sim
