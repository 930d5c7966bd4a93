// SPDX-License-Identifier: Apache-2.0
// Cycles that the blocks of the RTL take.
#pragma once

#include "timing.h"

namespace sapulse::sim::fast {

/// Latencies of the kernels are from the schedule reports of hlsc (kernel_latency.h, generated); those of the shell are
/// what its registers and FIFOs take when they are empty. latency_test holds both against the Verilated card.
[[nodiscard]] model::Timing card_timing(unsigned memory_latency);

}  // namespace sapulse::sim::fast
