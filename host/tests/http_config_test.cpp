// SPDX-License-Identifier: Apache-2.0
// What configuration files say about HTTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sapulse/config.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

Result<Config> read(const std::string& http) {
  return parse_config("local: [\"192.0.2.1\"]\nsas: []\n" + http, "sapulse.yaml", 1024);
}

std::string mistake(const std::string& http) {
  const auto config = read("http: " + http + "\n");
  return config ? "accepted" : config.error().message;
}

TEST(HttpConfig, NothingIsToldByDefault) { EXPECT_FALSE(read("")->http); }

TEST(HttpConfig, TheDefaultAddressIsForThisComputerAlone) {
  const auto config = read("http: {}");
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_TRUE(config->http);
  EXPECT_EQ(config->http->address, *IpAddress::parse("127.0.0.1"));
  EXPECT_EQ(config->http->port, 9753);
  EXPECT_TRUE(config->http->sa_metrics);
}

TEST(HttpConfig, ReadsEveryField) {
  const auto config = read("http: { listen: \"[2001:db8::1]:80\", clients: 3, sa_metrics: false }");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->http->address, *IpAddress::parse("2001:db8::1"));
  EXPECT_EQ(config->http->port, 80);
  EXPECT_EQ(config->http->clients, 3U);
  EXPECT_FALSE(config->http->sa_metrics);
  EXPECT_EQ(read("http: { listen: \"0.0.0.0:0\" }")->http->port, 0);
}

TEST(HttpConfig, MistakesAreNamedWithTheirPlace) {
  for (const char* listen : {"9753", "localhost:9753", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "2001:db8::1:80",
                             "[127.0.0.1]:80", "127.0.0.1:80x", "[::1:80"}) {
    EXPECT_THAT(mistake(std::string("{ listen: \"") + listen + "\" }"),
                HasSubstr("sapulse.yaml:3: listen: must be address"))
        << listen;
  }
  EXPECT_THAT(mistake("{ clients: 0 }"), HasSubstr("clients"));
  EXPECT_THAT(mistake("{ sa_metrics: maybe }"), HasSubstr("sa_metrics"));
  EXPECT_THAT(mistake("{ password: x }"), HasSubstr("password"));
}

}  // namespace
}  // namespace sapulse::test
