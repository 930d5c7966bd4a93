// SPDX-License-Identifier: Apache-2.0
// 65,536 SAs on one card: every one is probed at its interval, every one is told.
#include <gtest/gtest.h>

#include "prober_bench.h"

namespace sapulse::test {
namespace {

TEST(ProberLarge, ProbesEverySaAtItsInterval) {
  ProberBench bench;
  ProbeConfig config;
  config.enable = true;
  config.jitter = 32;
  config.interval = 9766;  // 10 ms
  config.detect = 100 * config.interval;
  bench.ns_per_cycle = 3;
  for (unsigned sa = 0; sa < 65536; ++sa) {
    config.length = 56 + sa % 8000;
    bench.write(sa, config);
  }
  for (unsigned sa = 0; sa < 65536; sa += 7) bench.answer(sa, 1000);

  bench.ns_per_cycle = 6;  // half as many cycles as on a card: 25 a probe
  std::vector<int> asked(65536), changes(65536);
  const std::int64_t begun = bench.now();
  while (bench.now() < begun + 2 * config.interval) bench.cycle();
  bench.requests.clear();
  while (bench.now() < begun + 4 * config.interval) {
    bench.run(1000);
    for (const ProbeRequest& request : bench.requests) {
      ASSERT_EQ(request.length, 56 + request.sa % 8000);
      ++asked[request.sa];
    }
    bench.requests.clear();
  }
  for (unsigned sa = 0; sa < 65536; ++sa) {
    ASSERT_GE(asked[sa], 1) << "SA " << sa;
    ASSERT_LE(asked[sa], 3) << "SA " << sa;
  }
  bench.run(2 * ProberBench::sweep());
  for (unsigned sa : {0U, 1U, 7U, 32768U, 65534U, 65535U}) {
    EXPECT_EQ(bench.read(sa).state, sa % 7 == 0 ? ProbeState::up : ProbeState::init) << "SA " << sa;
  }
  for (const ProbeEvent& event : bench.events) ++changes[event.sa];
  for (unsigned sa = 0; sa < 65536; ++sa) ASSERT_EQ(changes[sa], sa % 7 == 0 ? 2 : 1) << "SA " << sa;
}

}  // namespace
}  // namespace sapulse::test
