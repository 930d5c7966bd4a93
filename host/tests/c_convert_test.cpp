// SPDX-License-Identifier: Apache-2.0
// Structures of the C face as the library's own types.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>

#include "../c/convert.h"
#include "asking_card.h"

namespace sapulse::c {
namespace {

using test::to_hex;
using testing::HasSubstr;

constexpr std::array<std::uint8_t, 65> kBytes{1, 2, 3, 4, 5, 6, 7, 8};

/// An SA with what it points at.
struct GivenSa {
  sapulse_direction in{.size = sizeof in,
                       .spi = 256,
                       .key = kBytes.data(),
                       .key_size = 16,
                       .salt = kBytes.data(),
                       .salt_size = 4,
                       .integrity = nullptr,
                       .integrity_size = 0};
  sapulse_direction out{.size = sizeof out,
                        .spi = 257,
                        .key = kBytes.data(),
                        .key_size = 24,
                        .salt = nullptr,
                        .salt_size = 0,
                        .integrity = kBytes.data(),
                        .integrity_size = 20};
  sapulse_path path{};

  [[nodiscard]] Result<SaParameters> convert() const {
    sapulse_sa sa{};
    sa.size = sizeof sa;
    sa.local = "192.0.2.1";
    sa.peer = "198.51.100.1";
    sa.in = &in;
    sa.out = &out;
    if (path.size != 0) sa.path = &path;
    return to_parameters(sa);
  }
};

/// Why an SA is refused after a change; empty if it is not.
std::string refused(const std::function<void(GivenSa&)>& change) {
  GivenSa sa;
  change(sa);
  const auto parameters = sa.convert();
  return parameters ? std::string() : parameters.error().message;
}

TEST(CFace, TakesKeysOfAllCiphers) {
  const auto sa = GivenSa().convert();
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
  EXPECT_THAT(refused([](GivenSa& sa) { sa.in.key_size = 65; }), HasSubstr("key: 65 bytes, at most 64"));
  EXPECT_THAT(refused([](GivenSa& sa) { sa.in.salt_size = 5; }), HasSubstr("salt: 5 bytes, at most 4"));
  EXPECT_THAT(refused([](GivenSa& sa) { sa.out.integrity = nullptr; }), HasSubstr("integrity: missing"));
}

TEST(CFace, AStructureWithoutItsSizeIsRefused) {
  EXPECT_THAT(refused([](GivenSa& sa) { sa.in.size = 0; }), HasSubstr("sapulse_direction: size 0"));
  EXPECT_THAT(refused([](GivenSa& sa) { sa.out.size = sizeof sa.out - 1; }), HasSubstr("sapulse_direction: size"));
  EXPECT_THAT(refused([](GivenSa& sa) { sa.path.size = 1; }), HasSubstr("sapulse_path: size 1"));
  sapulse_ping_result result{};
  EXPECT_EQ(check_output(&result, "result").error().code, Errc::invalid_argument);
  result.size = sizeof result;
  EXPECT_TRUE(check_output(&result, "result"));
}

TEST(CFace, AStructureOfALaterVersionIsTakenIfItsNewMembersAreZero) {
  struct Later {
    sapulse_watch_settings known;
    std::uint64_t added;
  } settings{};
  settings.known.size = sizeof settings;
  EXPECT_TRUE(check_input(&settings.known, "settings"));
  settings.added = 1;
  EXPECT_THAT(check_input(&settings.known, "settings").error().message, HasSubstr("does not know"));
  EXPECT_TRUE(check_output(&settings.known, "settings")) << "what is to be filled may hold anything";
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
