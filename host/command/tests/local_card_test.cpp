// SPDX-License-Identifier: Apache-2.0
// What simulated cards are not: for SAs that nobody else has, and in another time.
#include "local_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sapulse::command {
namespace {

using testing::HasSubstr;

TEST(LocalCard, SasOfTheKernelNeedARealCard) {
  for (const char* device : {"model", "sim"}) {
    const LocalCardOptions options{.device = *DeviceAddress::parse(device)};
    const auto refused = LocalCard::open(options, {.sas_from_kernel = true});
    ASSERT_FALSE(refused) << device;
    EXPECT_EQ(refused.error().code, Errc::invalid_argument);
    EXPECT_THAT(refused.error().message, HasSubstr("--device net:LINE"));
  }
}

TEST(LocalCard, TheModelKeepsRealTime) {
  const auto refused = LocalCard::open({.ns_per_cycle = 1000}, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("--ns-per-cycle"));
}

}  // namespace
}  // namespace sapulse::command
