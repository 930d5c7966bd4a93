// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "host_bench.h"

namespace sapulse::test {
namespace {

// Time that has passed on `now` while the card made `cycles` steps.
std::uint64_t elapsed(HostBench& bench, unsigned cycles) {
  const std::uint64_t before = bench.card().now;
  bench.steps(cycles);
  return bench.card().now - before;
}

TEST(HostClock, RunsAtTheClockOfTheBuild) {
  HostBench bench;
  constexpr unsigned kCycles = 100000;
  const double expected = kCycles * 1e6 / 322266;
  // 16.32 bits: off by at most 2^-33 ns a cycle, and by 1 ns for the fraction that is not shown.
  EXPECT_NEAR(static_cast<double>(elapsed(bench, kCycles)), expected, 1.01);
}

TEST(HostClock, IncrementIsFixedPoint) {
  HostBench bench;
  bench.set64(regs::offset::kTimeIncrement, (5ull << 32) + (1ull << 30));  // 5.25 ns
  EXPECT_EQ(elapsed(bench, 4000), 21000u);
  bench.set64(regs::offset::kTimeIncrement, 65535ull << 32);
  EXPECT_EQ(elapsed(bench, 1000), 65'535'000u);
  bench.set64(regs::offset::kTimeIncrement, 0);
  EXPECT_EQ(elapsed(bench, 100), 0u);
}

TEST(HostClock, CanBeSetAndCarriesIntoTheHighHalf) {
  HostBench bench;
  bench.set64(regs::offset::kTimeIncrement, 0);
  bench.set64(regs::offset::kTime, 0x1234'5678'ffff'fff0);
  EXPECT_EQ(bench.get64(regs::offset::kTime), 0x1234'5678'ffff'fff0u);
  EXPECT_EQ(bench.card().now, 0x1234'5678'ffff'fff0u);
  bench.set64(regs::offset::kTimeIncrement, 1ull << 32);
  bench.steps(100);
  EXPECT_EQ(bench.card().now >> 32, 0x1234'5679u);
}

TEST(HostClock, HalvesBelongTogether) {
  HostBench bench;
  // About one carry into the high half per read of both halves.
  bench.set64(regs::offset::kTimeIncrement, 256ull << 32);
  for (int i = 0; i < 200; ++i) {
    bench.set64(regs::offset::kTime, (std::uint64_t{7} << 32) - bench.random.between(1, 20000));
    const std::uint64_t before = bench.card().now;
    const std::uint64_t value = bench.get64(regs::offset::kTime);
    EXPECT_GE(value, before);
    EXPECT_LE(value, bench.card().now);
  }
}

}  // namespace
}  // namespace sapulse::test
