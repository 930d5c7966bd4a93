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
const Frame kRequest = from_hex(
    "02aa0000000102aa00000002080045000098000040003d3250fec6336401c0000201000000fd0000000016010001007c762d16bc18321122"
    "3344000000000000000016bc1832000000020000000000000002");
const Frame kReply = from_hex(
    "02aa0000000202aa000000010800450000980000400040324dfec0000201c6336401000000fd0000000016020001007c7e6a8a119c9e1122"
    "334400000000000000008a119c9e000000020000000000000002");

// "clear echo bytes after the data" with its answer.
const Frame kEchoRequest = from_hex(
    "02aa0000000102aa00000002080045000031000040003d325165c6336401c00002010000000700000063020000050001000268656c6c6f6e"
    "6f742064617461");
const Frame kEchoReply = from_hex(
    "02aa0000000202aa000000010800450000290000400040324e6dc0000201c63364010000000800000063030000050001000268656c6c6f00"
    "00000000");

/// Frames as long as their IP header says.
Frame whole(Frame frame) {
  frame.resize(14 + 0x98);
  return frame;
}

class ExchangeTest : public testing::Test {
 protected:
  ExchangeTest() {
    SaParameters sa;
    sa.in.spi = 0x16bc1832;
    sa.out.spi = 0x8a119c9e;
    Config config;
    config.sas.push_back(std::move(sa));
    parser_ = std::make_unique<ExchangeParser>(config);
  }
  std::unique_ptr<ExchangeParser> parser_;
  LatencyMatcher matcher_;
};

TEST_F(ExchangeTest, RequestAndReplyShareTheirKey) {
  const auto asked = parser_->parse(whole(kRequest));
  const auto answered = parser_->parse(whole(kReply));
  ASSERT_TRUE(asked && answered);
  EXPECT_FALSE(asked->reply);
  EXPECT_TRUE(answered->reply);
  EXPECT_EQ(asked->hash, answered->hash);
}

/// Sub-type, flags and what follows the data are not the same in both.
TEST_F(ExchangeTest, ClearEchoAndItsReplyShareTheirKey) {
  const auto asked = parser_->parse(kEchoRequest);
  const auto answered = parser_->parse(kEchoReply);
  ASSERT_TRUE(asked && answered);
  EXPECT_TRUE(asked->clear && answered->clear);
  EXPECT_FALSE(asked->reply);
  EXPECT_TRUE(answered->reply);
  EXPECT_EQ(asked->hash, answered->hash);
  Frame changed = kEchoRequest;
  changed[50] ^= std::byte{1};  // the first byte of data
  EXPECT_NE(parser_->parse(changed)->hash, asked->hash);
}

TEST_F(ExchangeTest, EveryCopiedFieldIsPartOfTheKey) {
  const Frame good = whole(kRequest);
  const std::uint64_t hash = parser_->parse(good)->hash;
  // MAC, IP address, outer sequence number, length, transaction
  for (const std::size_t at : {5U, 11U, 29U, 33U, 41U, 47U, 57U}) {
    Frame changed = good;
    changed[at] ^= std::byte{1};
    const auto key = parser_->parse(changed);
    ASSERT_TRUE(key) << at;
    EXPECT_NE(key->hash, hash) << at;
  }
}

TEST_F(ExchangeTest, OtherFramesHaveNoKey) {
  Frame frame = whole(kRequest);
  frame[43] = std::byte{3};  // clear error
  EXPECT_FALSE(parser_->parse(frame));
  frame = whole(kRequest);
  frame[53] ^= std::byte{1};  // SA that is not configured
  EXPECT_FALSE(parser_->parse(frame));
  frame = whole(kRequest);
  frame[34] = std::byte{1};  // customer SPI
  EXPECT_FALSE(parser_->parse(frame));
  for (std::size_t length = 0; length < 58; ++length) {
    const Frame good = whole(kRequest);
    EXPECT_FALSE(parser_->parse(std::span(good).first(length))) << length;
  }
}

TEST_F(ExchangeTest, PairsInOrder) {
  const ExchangeKey key{.hash = 1};
  matcher_.request(key, Frame(1, std::byte{1}), 100);
  matcher_.request(key, Frame(1, std::byte{2}), 110);
  matcher_.reply(key, 200);
  matcher_.reply(key, 250);
  EXPECT_THAT(matcher_.latencies(), ElementsAre(100, 140));
}

TEST_F(ExchangeTest, IgnoresReplays) {
  const ExchangeKey key{.hash = 1};
  matcher_.request(key, kRequest, 100);
  matcher_.request(key, kRequest, 110);
  matcher_.reply(key, 200);
  EXPECT_THAT(matcher_.latencies(), ElementsAre(100));
}

TEST_F(ExchangeTest, GivesNoSampleWhenARequestWasRefused) {
  const ExchangeKey key{.hash = 1};
  matcher_.request(key, Frame(1, std::byte{1}), 100);
  matcher_.request(key, Frame(1, std::byte{2}), 110);
  matcher_.reply(key, 200);
  EXPECT_THAT(matcher_.latencies(), IsEmpty());
}

TEST_F(ExchangeTest, CountsIdenticalClearEchoes) {
  const ExchangeKey key{.clear = true, .hash = 1};
  matcher_.request(key, kRequest, 100);
  matcher_.request(key, kRequest, 110);
  matcher_.reply(key, 150);
  matcher_.reply(key, 155);
  EXPECT_THAT(matcher_.latencies(), ElementsAre(45, 50));
}

}  // namespace
}  // namespace sapulse::command
