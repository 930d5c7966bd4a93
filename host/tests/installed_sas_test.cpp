// SPDX-License-Identifier: Apache-2.0
// Which SA has a number.
#include "installed_sas.h"

#include <gtest/gtest.h>

namespace sapulse::test {
namespace {

constexpr std::uint32_t kSpi = 0x1000;

SaInfo numbered(std::uint32_t number) {
  SaInfo sa;
  sa.number = number;
  sa.spi_in = kSpi;
  return sa;
}

TEST(InstalledSas, ANumberThatWasGivenUpIsNobodys) {
  InstalledSas sas(4);
  sas.install(numbered(1));
  sas.install(numbered(2));
  EXPECT_EQ(sas.find_number(1), nullptr) << "in its place";
  ASSERT_NE(sas.find_number(2), nullptr);
  sas.remove(kSpi);
  sas.install(numbered(3));
  EXPECT_EQ(sas.find_number(2), nullptr) << "removed";
  ASSERT_NE(sas.find_number(3), nullptr);
  EXPECT_EQ(sas.find_number(3)->number, 3U);
}

}  // namespace
}  // namespace sapulse::test
