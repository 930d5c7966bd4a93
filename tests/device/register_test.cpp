// SPDX-License-Identifier: Apache-2.0
// Registers and identity of a card.
#include <gmock/gmock.h>

#include <bit>

#include "device_test.h"
#include "sapulse/counters.h"
#include "sapulse/registers.h"
#include "support/convert.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

TEST_F(DeviceTest, SaysWhatItIs) {
  const auto card = open();
  const CardInfo& info = card->info();
  EXPECT_EQ(must(device().read32(regs::offset::kId), "ID"), regs::kDeviceId);
  EXPECT_EQ(info.version_major, regs::kVersionMajor);
  EXPECT_EQ(info.version_minor, regs::kVersionMinor);
  EXPECT_EQ(info.lanes, regs::kAesLanes);
  EXPECT_EQ(info.counters, Counters::size());
  EXPECT_TRUE(std::has_single_bit(info.sa_capacity));
  EXPECT_GT(info.clock_khz, 0U);
  EXPECT_FALSE(device().name().empty());
}

TEST_F(DeviceTest, RegistersKeepWhatIsWritten) {
  for (const std::uint32_t value : {0x12345678U, 0xfedcba98U, 0U, 0xffffffffU, 0x80000001U}) {
    must(device().write32(regs::offset::kScratch, value), "SCRATCH");
    EXPECT_EQ(must(device().read32(regs::offset::kScratch), "SCRATCH"), value);
  }
}

TEST_F(DeviceTest, RefusesOffsetsOutsideOfTheWindow) {
  for (const std::uint32_t offset : {1U, 2U, 0x41U, static_cast<std::uint32_t>(regs::kWindowBytes), 0xfffffffcU}) {
    const auto read = device().read32(offset);
    ASSERT_FALSE(read) << offset;
    EXPECT_EQ(read.error().code, Errc::invalid_argument) << read.error().message;
    EXPECT_EQ(device().write32(offset, 0).error().code, Errc::invalid_argument);
  }
}

TEST_F(DeviceTest, ARegisterThatDoesNotExistIsAnError) {
  const auto read = device().read32(regs::kWindowBytes - 4);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::device_error);
  EXPECT_THAT(read.error().message, HasSubstr("fffc"));
  EXPECT_EQ(must(device().read32(regs::offset::kId), "ID"), regs::kDeviceId) << "the card is none the worse";
}

TEST_F(DeviceTest, ClockRunsAndCanBeSet) {
  constexpr std::uint64_t kTime = 0x1122334455667788;
  const auto card = open();
  must(card->set_time(kTime), "set time");
  const std::uint64_t before = must(card->time(), "time");
  must(device().relax(), "relax");
  const std::uint64_t after = must(card->time(), "time");
  EXPECT_GE(before, kTime);
  EXPECT_GT(after, before);
  EXPECT_LT(after, kTime + 60'000'000'000) << "less than a minute of the card's time";
}

TEST_F(DeviceTest, RefusesAnInterruptThatDoesNotExist) {
  const auto waited = device().wait_interrupt(31, std::chrono::nanoseconds(1));
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace sapulse::test
