// SPDX-License-Identifier: Apache-2.0
#include "utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace sapulse::test {
namespace {

TEST(Utf8, TakesWhatIsGood) {
  for (const std::string& text :
       {std::string(), std::string("plain\n"), std::string("\0", 1), std::string("caf\xc3\xa9"),
        std::string("\xe2\x82\xac"), std::string("\xf0\x9f\x98\x80"), std::string("\xef\xbf\xbf"),
        std::string("\xf4\x8f\xbf\xbf"), std::string("\xed\x9f\xbf")}) {
    EXPECT_EQ(find_bad_utf8(text), std::nullopt) << text;
  }
}

TEST(Utf8, NamesTheFirstBadByte) {
  for (const std::string& bad :
       {std::string("\x80"), std::string("\xc0\x80"), std::string("\xc1\xbf"), std::string("\xc3"),
        std::string("\xe0\x9f\xbf"), std::string("\xed\xa0\x80"), std::string("\xf0\x8f\xbf\xbf"),
        std::string("\xf4\x90\x80\x80"), std::string("\xf5\x80\x80\x80"), std::string("\xff"), std::string("\xe2\x82"),
        std::string("\xe2\x28\xa1")}) {
    EXPECT_EQ(find_bad_utf8("ok" + bad), 2U);
    EXPECT_EQ(find_bad_utf8("ok" + bad + "ok"), 2U);
  }
}

}  // namespace
}  // namespace sapulse::test
