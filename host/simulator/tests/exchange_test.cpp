// SPDX-License-Identifier: Apache-2.0
#include "exchange.h"

#include <gmock/gmock.h>

#include <string_view>

#include "capture.h"

namespace sapulse::command {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Frame from_hex(std::string_view text) {
  Frame frame;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    frame.push_back(static_cast<std::byte>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return frame;
}

// "ping telemetry v4-128" of tests/vectors/frames.json with its answer, up to the nested packet's IV.
const Frame request = from_hex(
    "02aa0000000102aa0000000208004500008c000040003d32510ac6336401c0000201000000fd000000001401000100703f5fc13da68a112233"
    "44"
    "c13da68a000000020000000000000002");
const Frame reply = from_hex(
    "02aa0000000202aa0000000108004500008c0000400040324e0ac0000201c6336401000000fd0000000014020001007078b528f00581112233"
    "44"
    "28f00581000000020000000000000002");

/// Frames as long as their IP header says.
Frame whole(Frame frame) {
  frame.resize(14 + 0x8c);
  return frame;
}

class ExchangeTest : public testing::Test {
 protected:
  ExchangeTest() {
    SaParameters sa;
    sa.in.spi = 0xc13da68a;
    sa.out.spi = 0x28f00581;
    Config config;
    config.sas.push_back(std::move(sa));
    parser = std::make_unique<ExchangeParser>(config);
  }
  std::unique_ptr<ExchangeParser> parser;
  LatencyMatcher matcher;
};

TEST_F(ExchangeTest, RequestAndReplyShareTheirKey) {
  const auto asked = parser->parse(whole(request));
  const auto answered = parser->parse(whole(reply));
  ASSERT_TRUE(asked && answered);
  EXPECT_FALSE(asked->reply);
  EXPECT_TRUE(answered->reply);
  EXPECT_EQ(asked->hash, answered->hash);
}

TEST_F(ExchangeTest, EveryCopiedFieldIsPartOfTheKey) {
  const Frame good = whole(request);
  const std::uint64_t hash = parser->parse(good)->hash;
  // MAC, IP address, outer sequence number, length, transaction
  for (const std::size_t at : {5U, 11U, 29U, 33U, 41U, 47U, 57U}) {
    Frame changed = good;
    changed[at] ^= std::byte{1};
    const auto key = parser->parse(changed);
    ASSERT_TRUE(key) << at;
    EXPECT_NE(key->hash, hash) << at;
  }
}

TEST_F(ExchangeTest, OtherFramesHaveNoKey) {
  Frame frame = whole(request);
  frame[43] = std::byte{3};  // clear error
  EXPECT_FALSE(parser->parse(frame));
  frame = whole(request);
  frame[53] ^= std::byte{1};  // SA that is not configured
  EXPECT_FALSE(parser->parse(frame));
  frame = whole(request);
  frame[34] = std::byte{1};  // customer SPI
  EXPECT_FALSE(parser->parse(frame));
  for (std::size_t length = 0; length < 58; ++length) {
    const Frame good = whole(request);
    EXPECT_FALSE(parser->parse(std::span(good).first(length))) << length;
  }
}

TEST_F(ExchangeTest, PairsInOrder) {
  const ExchangeKey key{.hash = 1};
  matcher.request(key, Frame(1, std::byte{1}), 100);
  matcher.request(key, Frame(1, std::byte{2}), 110);
  matcher.reply(key, 200);
  matcher.reply(key, 250);
  EXPECT_THAT(matcher.latencies(), ElementsAre(100, 140));
}

TEST_F(ExchangeTest, IgnoresReplays) {
  const ExchangeKey key{.hash = 1};
  matcher.request(key, request, 100);
  matcher.request(key, request, 110);
  matcher.reply(key, 200);
  EXPECT_THAT(matcher.latencies(), ElementsAre(100));
}

TEST_F(ExchangeTest, GivesNoSampleWhenARequestWasRefused) {
  const ExchangeKey key{.hash = 1};
  matcher.request(key, Frame(1, std::byte{1}), 100);
  matcher.request(key, Frame(1, std::byte{2}), 110);
  matcher.reply(key, 200);
  EXPECT_THAT(matcher.latencies(), IsEmpty());
}

TEST_F(ExchangeTest, CountsIdenticalClearEchoes) {
  const ExchangeKey key{.clear = true, .hash = 1};
  matcher.request(key, request, 100);
  matcher.request(key, request, 110);
  matcher.reply(key, 150);
  matcher.reply(key, 155);
  EXPECT_THAT(matcher.latencies(), ElementsAre(45, 50));
}

}  // namespace
}  // namespace sapulse::command
