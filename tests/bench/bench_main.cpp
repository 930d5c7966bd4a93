// SPDX-License-Identifier: Apache-2.0
// Runs all benchmarks. Options are those of Google Benchmark, and --once: one iteration of each.
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>

#include "backend.h"
#include "benchmarks.h"
#include "sapulse/card.h"
#include "support/convert.h"

int main(int argc, char** argv) {
  using namespace sapulse;
  char** const end = std::remove_if(argv + 1, argv + argc, [](std::string_view word) { return word == "--once"; });
  const bool once = end != argv + argc;
  argc = static_cast<int>(end - argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return EXIT_FAILURE;
  try {
    const CardInfo info = test::must(read_card_info(bench::make_bench_rig()->device()), "card");
    benchmark::AddCustomContext("clock_khz", std::to_string(info.clock_khz));
    bench::register_card_benchmarks(once);
    bench::register_peers(once);
    bench::register_backend_benchmarks(once);
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& failure) {
    std::cerr << "bench: " << failure.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
