// SPDX-License-Identifier: Apache-2.0
// Structures of the C face as the library's own types.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../c/convert.h"
#include "asking_card.h"

namespace sapulse::c {
namespace {

using test::to_hex;
using testing::HasSubstr;

constexpr std::array<std::uint8_t, 65> kBytes{1, 2, 3, 4, 5, 6, 7, 8};

sapulse_sa make_sa() {
  sapulse_sa sa{};
  sa.size = sizeof sa;
  sa.local = "192.0.2.1";
  sa.peer = "198.51.100.1";
  sa.in = {.spi = 256, .key = kBytes.data(), .key_size = 16, .salt = kBytes.data(), .salt_size = 4};
  sa.out = {.spi = 257, .key = kBytes.data(), .key_size = 24, .integrity = kBytes.data(), .integrity_size = 20};
  return sa;
}

TEST(CFace, TakesKeysOfAllCiphers) {
  const auto sa = to_parameters(make_sa());
  ASSERT_TRUE(sa) << sa.error().message;
  EXPECT_EQ(to_hex(sa->in.salt.bytes()), "01020304");
  EXPECT_TRUE(sa->in.integrity.empty());
  EXPECT_EQ(sa->out.key.size(), 24U);
  EXPECT_TRUE(sa->out.salt.empty());
  EXPECT_EQ(sa->out.integrity.size(), 20U);
  EXPECT_FALSE(sa->plain);
  EXPECT_EQ(sa->next, std::nullopt) << "chosen by the library";
  EXPECT_TRUE(validate(*sa));
}

TEST(CFace, KeysThatDoNotFitAreRefusedNotCut) {
  const auto refused = [](auto change) {
    sapulse_sa sa = make_sa();
    change(sa);
    const auto parameters = to_parameters(sa);
    return parameters ? std::string() : parameters.error().message;
  };
  EXPECT_THAT(refused([](sapulse_sa& sa) { sa.in.key_size = 65; }), HasSubstr("key: 65 bytes, at most 64"));
  EXPECT_THAT(refused([](sapulse_sa& sa) { sa.in.salt_size = 5; }), HasSubstr("salt: 5 bytes, at most 4"));
  EXPECT_THAT(refused([](sapulse_sa& sa) { sa.out.integrity = nullptr; }), HasSubstr("integrity: missing"));
}

TEST(CFace, GivesTokenAndNonce) {
  PingResult ping;
  ping.answered = true;
  ping.telemetry.token = test::make_crash_token(5);
  const sapulse_ping_result result = to_result(ping);
  EXPECT_EQ(result.token_valid, 1);
  EXPECT_EQ(to_hex(std::span(result.token)), to_hex(test::make_token(5)));
  EXPECT_EQ(to_hex(std::span(result.token_nonce)), "0505050505050505");
}

TEST(CFace, EveryVerdictHasAName) {
  for (std::size_t i = 0; i < kErrorVerdictCount; ++i) {
    const std::string name = verdict_name(static_cast<ErrorVerdict>(i));
    EXPECT_NE(name, "?") << i;
  }
  EXPECT_STREQ(verdict_name(ErrorVerdict::unwanted), "unwanted");
  EXPECT_STREQ(verdict_name(ErrorVerdict::cut), "cut");
}

}  // namespace
}  // namespace sapulse::c
