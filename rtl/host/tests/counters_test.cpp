// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "host_bench.h"

namespace sapulse::test {
namespace {

void set_increment(Vhost_interface_bench& card, unsigned counter, unsigned value) {
  for (unsigned bit = 0; bit < 7; ++bit) {
    const unsigned position = 7 * counter + bit;
    auto& word = card.counter_increment[position / 32];
    word = (word & ~(1u << position % 32)) | (value >> bit & 1) << position % 32;
  }
}

TEST(HostCounters, CountEveryIncrement) {
  HostBench bench;
  std::array<std::uint64_t, regs::kCounterCount> expected{};
  const auto run = [&](unsigned cycles) {
    for (unsigned cycle = 0; cycle < cycles; ++cycle) {
      for (unsigned i = 0; i < regs::kCounterCount; ++i) {
        const auto value = static_cast<unsigned>(i % 3 == 0                ? 127
                                                 : bench.random.chance(50) ? bench.random.between(0, 127)
                                                                           : 0);
        set_increment(bench.card(), i, value);
        expected.at(i) += value;
      }
      bench.step();
    }
    for (unsigned i = 0; i < regs::kCounterCount; ++i) set_increment(bench.card(), i, 0);
  };
  for (int round = 0; round < 5; ++round) {
    run(static_cast<unsigned>(bench.random.between(1, 400)));
    // The last increment was one cycle ago: the read waits for it.
    for (unsigned i = 0; i < regs::kCounterCount; ++i) {
      EXPECT_EQ(bench.get64(regs::offset::counter(static_cast<regs::Counter>(i))), expected.at(i))
          << regs::kCounterNames.at(i);
    }
  }
}

TEST(HostCounters, ReadIncludesTheCycleBefore) {
  HostBench bench;
  constexpr auto kCounter = static_cast<unsigned>(regs::Counter::answered);
  for (std::uint32_t i = 1; i < 100; ++i) {
    bench.steps(static_cast<unsigned>(bench.random.between(0, 40)));
    set_increment(bench.card(), kCounter, 1);
    bench.step();
    set_increment(bench.card(), kCounter, 0);
    EXPECT_EQ(bench.get(regs::offset::counter(regs::Counter::answered)), i);
  }
}

}  // namespace
}  // namespace sapulse::test
