// SPDX-License-Identifier: Apache-2.0
#include "duration.h"

#include <gtest/gtest.h>

namespace sapulse {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsEveryUnit) {
  EXPECT_EQ(parse_duration("250ns").value(), 250ns);
  EXPECT_EQ(parse_duration("10us").value(), 10us);
  EXPECT_EQ(parse_duration("3.3ms").value(), 3300us);
  EXPECT_EQ(parse_duration("2s").value(), 2s);
  EXPECT_EQ(parse_duration("0.5min").value(), 30s);
  EXPECT_EQ(parse_duration("0s").value(), 0ns);
  EXPECT_EQ(parse_duration("1440min").value(), 24h);
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text :
       {"", "5", "ms", "-1ms", "1 ms", "1h", "nans", "infs", "1e3ms", "0x10us", "1.2.3s", "1441min", "1ms2"}) {
    const auto result = parse_duration(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, Errc::parse_error) << text;
  }
}

}  // namespace
}  // namespace sapulse
