// SPDX-License-Identifier: Apache-2.0
// Verilated models are libraries of their own, so that a program need not be built with all of them.
#pragma once

#include <memory>
#include <string>

#include "pins.h"
#include "sapulse/error.h"

namespace sapulse::sim {

/// Loads the library of a model and makes one. Libraries stay loaded. Safe to call from several threads.
/// @param name of the Verilated class, for instance card_1024
/// Errors: not_found (library not built), incompatible (not a model).
Result<std::unique_ptr<Model>> load_model(const std::string& name, const ModelOptions& options);

}  // namespace sapulse::sim
