// SPDX-License-Identifier: Apache-2.0
// Bits flip in what crosses between the host's bus and the core.
#include <gtest/gtest.h>

#include <cstdio>

#include "bus_run.h"

namespace sapulse::test {
namespace {

constexpr unsigned kRuns = 600;     // of accesses to registers
constexpr unsigned kAccesses = 12;  // a run
constexpr unsigned kMemory = 3000;  // runs of reads or writes of memory
constexpr int kUntilTold = 60;      // edges

/// One access to a register, for which a bit may flip; whether it went as it should.
bool access(BusRun& bus, unsigned index, std::uint32_t value) {
  bus.flip_soon();
  if (bus.random().chance(50)) return bus.write(4 * index, value) == kOkay && bus.core_word(index) == value;
  const auto read = bus.read(4 * index);
  return read.response == kOkay && read.value == bus.core_word(index);
}

TEST(BusFlips, AnAccessThatADamagedWordHasChangedIsTold) {
  unsigned wrong = 0, told = 0;
  for (unsigned run = 0; run < kRuns; ++run) {
    BusRun bus;
    for (unsigned i = 0; i < kAccesses && bus.faults() == 0; ++i) {
      const auto index = static_cast<unsigned>(bus.random().below(16));
      const bool is_right = access(bus, index, static_cast<std::uint32_t>(bus.random().word()));
      bus.run(kUntilTold);
      ASSERT_TRUE(is_right || bus.faults() > 0) << "run " << run << ", access " << i;
      ASSERT_LE(bus.faults(), 1U);
      wrong += !is_right;
      told += bus.faults();
    }
  }
  std::printf("%u faults told, %u accesses gone wrong\n", told, wrong);
  EXPECT_GT(wrong, kRuns / 60);
}

/// Runs in which a bit may flip; access(bus): whether all has gone as it should.
template <class Access>
void memory_accesses_that_go_wrong_are_told(const Access& access) {
  unsigned wrong = 0, told = 0;
  for (unsigned run = 0; run < kMemory; ++run) {
    BusRun bus;
    bus.flip_soon();
    const bool is_right = access(bus);
    bus.run(kUntilTold);
    ASSERT_TRUE(is_right || bus.faults() > 0) << "run " << run;
    ASSERT_LE(bus.faults(), 1U);
    wrong += !is_right;
    told += bus.faults();
  }
  std::printf("%u faults told, %u accesses gone wrong\n", told, wrong);
  EXPECT_GT(wrong, kMemory / 1000);
}

TEST(BusFlips, AMemoryReadThatADamagedWordHasChangedIsTold) {
  memory_accesses_that_go_wrong_are_told([](BusRun& bus) { return bus.read_memory(200) != 0; });
}

TEST(BusFlips, AMemoryWriteThatADamagedWordHasChangedIsTold) {
  memory_accesses_that_go_wrong_are_told([](BusRun& bus) { return bus.write_memory(100) != 0; });
}

}  // namespace
}  // namespace sapulse::test
