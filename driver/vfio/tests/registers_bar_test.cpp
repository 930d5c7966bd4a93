// SPDX-License-Identifier: Apache-2.0
#include "registers_bar.h"

#include <gtest/gtest.h>

#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

TEST(RegistersBar, KnowsWhichRegistersExist) {
  for (const std::uint32_t offset :
       {regs::offset::kId, regs::offset::kTime, regs::offset::kTime + 4, regs::offset::action(255),
        regs::offset::local_address_valid(regs::kLocalAddresses - 1), regs::offset::counter(regs::Counter{0}) + 4}) {
    EXPECT_TRUE(RegistersBar::exists(offset)) << offset;
  }
  for (const std::uint32_t offset :
       {regs::offset::kId + 0x30, regs::offset::kInterruptEnable + 4, regs::offset::local_address_valid(0) + 4,
        static_cast<std::uint32_t>(regs::kWindowBytes) - 4}) {
    EXPECT_FALSE(RegistersBar::exists(offset)) << offset;
  }
}

}  // namespace
}  // namespace sapulse::test
