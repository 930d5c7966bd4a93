// SPDX-License-Identifier: Apache-2.0
// What every program measures. Results that are not right are errors of the benchmark.
#pragma once

#include <benchmark/benchmark.h>

namespace sapulse::bench {

/// The card behind make_bench_rig(). Counter `cycles`: of the card's clock, per item.
void register_card_benchmarks(bool once);

/// Software on the same processor that does what the card, or its driver, does.
void register_peers(bool once);

/// Whole responders made of software, with 1 SA and with 65,536, on one core of this processor.
void register_responders(bool once);

/// What the host library takes of the processor, apart from the device. Counter `host`: processor time per item, s.
void register_host_benchmarks(bool once);

}  // namespace sapulse::bench
