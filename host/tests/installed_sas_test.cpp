// SPDX-License-Identifier: Apache-2.0
// Which SA has a number.
#include "installed_sas.h"

#include <gtest/gtest.h>

namespace sapulse::test {
namespace {

constexpr std::uint32_t kSpi = 0x1000;

TEST(InstalledSas, ANumberThatWasGivenUpIsNobodys) {
  InstalledSas sas(4);
  sas.install({.number = 1, .spi_in = kSpi});
  sas.install({.number = 2, .spi_in = kSpi});
  EXPECT_EQ(sas.find_number(1), nullptr) << "in its place";
  ASSERT_NE(sas.find_number(2), nullptr);
  sas.remove(kSpi);
  sas.install({.number = 3, .spi_in = kSpi});
  EXPECT_EQ(sas.find_number(2), nullptr) << "removed";
  ASSERT_NE(sas.find_number(3), nullptr);
  EXPECT_EQ(sas.find_number(3)->number, 3U);
}

}  // namespace
}  // namespace sapulse::test
