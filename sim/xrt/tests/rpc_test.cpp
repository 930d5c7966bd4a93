// SPDX-License-Identifier: Apache-2.0
#include "rpc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

namespace sapulse::sim::xrt {
namespace {

using namespace std::string_literals;

TEST(Rpc, HeadersAreThoseOfXrt) {
  EXPECT_EQ(make_call(Api::read_register, "ab"), "\x09\x02\0\0\0\0\0\0\0\x15\x0b\0\0\0ab"s);
  EXPECT_EQ(make_answer("abc"), "\x09\x03\0\0\0\0\0\0\0abc"s);
  const auto call = parse_call_header("\x09\x10\x27\0\0\0\0\0\0\x15\x22\0\0\0"s);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->bytes, 10'000U);
  EXPECT_EQ(call->api, Api::read_host_memory);
  EXPECT_EQ(parse_answer_header("\x09\x10\x27\0\0\0\0\0\0"s), 10'000U);
}

TEST(Rpc, RefusesMalformedHeaders) {
  EXPECT_FALSE(parse_call_header(""));
  EXPECT_FALSE(parse_call_header("\x09\x02\0\0\0\0\0\0\0\x15\x0b\0\0"s)) << "short";
  EXPECT_FALSE(parse_call_header("\x08\x02\0\0\0\0\0\0\0\x15\x0b\0\0\0"s)) << "tag of the size";
  EXPECT_FALSE(parse_call_header("\x09\x02\0\0\0\0\0\0\0\x14\x0b\0\0\0"s)) << "tag of the call";
  EXPECT_FALSE(parse_call_header("\x09\xff\xff\xff\xff\xff\xff\xff\xff\x15\x0b\0\0\0"s)) << "size";
  EXPECT_FALSE(parse_answer_header("\x09\0\0\0\0\x01\0\0\0"s)) << "4 GiB";
}

TEST(Rpc, FieldsComeBackAsTheyWereWritten) {
  const std::string long_text(300, 'x');
  const std::string body = FieldWriter()
                               .number(1, 0)
                               .number(2, 127)
                               .number(3, 128)
                               .number(20, ~std::uint64_t{0})
                               .bytes(4, long_text)
                               .bytes(5, {})
                               .body();
  const auto fields = Fields::parse(body);
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->number(1), 0U);
  EXPECT_EQ(fields->number(2), 127U);
  EXPECT_EQ(fields->number(3), 128U);
  EXPECT_EQ(fields->number(20), ~std::uint64_t{0});
  EXPECT_EQ(fields->bytes(4), long_text);
  EXPECT_EQ(fields->bytes(5), "");
  EXPECT_EQ(fields->number(99), 0U);
  EXPECT_EQ(fields->bytes(99), "");
}

TEST(Rpc, ReadsEveryKindOfField) {
  const auto fields = Fields::parse("\x09\x01\x02\x03\x04\x05\x06\x07\x08\x15\x11\x22\x33\x44\x1a\x02hi"s);
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->number(1), 0x0807060504030201U);
  EXPECT_EQ(fields->number(2), 0x44332211U);
  EXPECT_EQ(fields->bytes(3), "hi");
}

TEST(Rpc, RefusesBodiesThatEndEarlyOrMakeNoSense) {
  for (const std::string& body :
       {"\x08"s, "\x08\x80"s, "\x12\x05hell"s, "\x09\x01\x02\x03"s, "\x15\x01"s, "\x0b"s, "\x00\x01"s,
        "\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x"s, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s}) {
    EXPECT_FALSE(Fields::parse(body)) << testing::PrintToString(body);
  }
}

/// Whatever comes, fields lie inside the body.
TEST(Rpc, RandomBodiesAreTakenApartOrRefused) {
  const char* const given = std::getenv("SAPULSE_TEST_SEED");
  const auto seed = given != nullptr ? std::strtoull(given, nullptr, 0) : 20263ULL;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  unsigned good = 0;
  for (unsigned round = 0; round < 100'000; ++round) {
    std::string body(random() % 24, '\0');
    for (char& byte : body) byte = static_cast<char>(random() % 4 == 0 ? random() : random() % 0x30);
    const auto fields = Fields::parse(body);
    if (!fields) continue;
    ++good;
    for (unsigned field = 1; field < 32; ++field) {
      const auto bytes = fields->bytes(field);
      if (bytes.empty()) continue;
      EXPECT_GE(bytes.data(), body.data());
      EXPECT_LE(bytes.data() + bytes.size(), body.data() + body.size());
    }
  }
  EXPECT_GT(good, 1000U) << "bodies that test nothing";
}

}  // namespace
}  // namespace sapulse::sim::xrt
