// SPDX-License-Identifier: Apache-2.0
// What every program measures. Results that are not right are errors of the benchmark.
#pragma once

#include <benchmark/benchmark.h>

namespace sapulse::bench {

/// The card behind make_bench_rig(). Counter `cycles`: of the card's clock, per item.
void register_card_benchmarks(bool once);

/// Software on the same processor that does what the card, or its driver, does.
void register_peers(bool once);

}  // namespace sapulse::bench
