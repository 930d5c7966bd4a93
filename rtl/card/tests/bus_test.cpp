// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>

#include "bus_run.h"

namespace sapulse::test {
namespace {

TEST(Bus, RegistersAreReachedAcrossClocks) {
  for (int pair = 0; pair < 10; ++pair) {
    BusRun bus;
    std::array<std::uint32_t, 16> words{};
    for (int access = 0; access < 100; ++access) {
      const auto index = static_cast<unsigned>(bus.random().below(words.size()));
      if (bus.random().chance(50)) {
        words[index] = static_cast<std::uint32_t>(bus.random().word());
        ASSERT_EQ(bus.write(4 * index, words[index]), kOkay);
      } else {
        const auto read = bus.read(4 * index);
        ASSERT_EQ(read.response, kOkay);
        ASSERT_EQ(read.value, words[index]);
      }
    }
    EXPECT_EQ(bus.read(0x100).response, kSlaveError);
    EXPECT_EQ(bus.faults(), 0U);
  }
}

TEST(Bus, TheNextWriteMayComeBeforeTheResponse) {
  for (int pair = 0; pair < 10; ++pair) {
    BusRun bus;
    ASSERT_EQ(bus.write_ahead(8, 11, 22), 2);
    EXPECT_EQ(bus.read(8).value, 11U);
    EXPECT_EQ(bus.read(12).value, 22U);
  }
}

TEST(Bus, TheMacsHaveTheUpperHalf) {
  BusRun bus;
  EXPECT_EQ(bus.read(kMacs).value, 0x534d4143U);
  EXPECT_EQ(bus.read(kMacs + 0x04).value, 2U);
  EXPECT_EQ(bus.read(kMacs + 0x08).value, 0U) << "VLANs are those of one cage";
  EXPECT_EQ(bus.read(kMacs + 0x0c).value, 9U);
  EXPECT_EQ(bus.read(kMacs + 0x10).value, 2U);
  EXPECT_EQ(bus.read(kMacs + 0x20).value, 5U);
  EXPECT_EQ(bus.read(kMacs + 0x24).value, 7U);
  EXPECT_EQ(bus.read(kMacs + 0x28).response, kSlaveError);
  EXPECT_EQ(bus.write(kMacs + 0x20, 0), kSlaveError);
  EXPECT_EQ(bus.read(0).value, 0U);
}

TEST(Bus, WorksAgainAfterTheBusWentAway) {
  for (int pair = 0; pair < 20; ++pair) {
    BusRun bus;
    for (int i = 0; i < 5; ++i) {
      bus.lose_bus();
      ASSERT_EQ(bus.write(8, 0x1234U + static_cast<std::uint32_t>(i)), kOkay);
      ASSERT_EQ(bus.read(8).value, 0x1234U + static_cast<std::uint32_t>(i));
    }
  }
}

TEST(Bus, MemoryIsReachedAcrossClocks) {
  for (int pair = 0; pair < 10; ++pair) {
    BusRun bus;
    EXPECT_GT(bus.read_memory(5000), 200U);
    EXPECT_GT(bus.write_memory(5000), 200U);
    EXPECT_EQ(bus.faults(), 0U);
  }
}

}  // namespace
}  // namespace sapulse::test
