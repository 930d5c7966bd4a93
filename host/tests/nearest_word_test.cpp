// SPDX-License-Identifier: Apache-2.0
#include "nearest_word.h"

#include <gtest/gtest.h>

#include <array>

namespace sapulse {
namespace {

const std::array<std::string, 4> kWords{"ping", "bind", "watch", "unbind"};

TEST(NearestWord, FindsWhatOneSlipAway) {
  EXPECT_EQ(nearest_word("pign", kWords), "ping");    // swapped
  EXPECT_EQ(nearest_word("pin", kWords), "ping");     // one less
  EXPECT_EQ(nearest_word("pingg", kWords), "ping");   // one more
  EXPECT_EQ(nearest_word("wotch", kWords), "watch");  // another one
  EXPECT_EQ(nearest_word("unbnd", kWords), "unbind");
}

TEST(NearestWord, TakesTheNearestAndOfSeveralTheFirst) {
  EXPECT_EQ(nearest_word("bing", kWords), "ping");
  EXPECT_EQ(nearest_word("bind", kWords), "bind");
}

TEST(NearestWord, FindsNothingFarAway) {
  EXPECT_EQ(nearest_word("help", kWords), std::nullopt);
  EXPECT_EQ(nearest_word("", kWords), std::nullopt);
  EXPECT_EQ(nearest_word("ping", {}), std::nullopt);
}

}  // namespace
}  // namespace sapulse
