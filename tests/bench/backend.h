// SPDX-License-Identifier: Apache-2.0
// What differs between the programs: where the card is, and what there is beside it.
#pragma once

#include <memory>

#include "device/rig.h"

namespace sapulse::bench {

/// A card fresh from reset. Throws std::runtime_error.
std::unique_ptr<test::Rig> make_bench_rig();

/// Registers what only this program can measure. `once`: one iteration each.
void register_backend_benchmarks(bool once);

}  // namespace sapulse::bench
