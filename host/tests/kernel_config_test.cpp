// SPDX-License-Identifier: Apache-2.0
// What configuration files say about SAs of the kernel.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sapulse/config.h"
#include "sapulse/kernel_sas.h"

namespace sapulse::test {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<Config> read(const std::string& kernel, const std::string& more = "") {
  return parse_config("local: [\"192.0.2.1\"]\nsas: kernel\n" + more + kernel, "sapulse.yaml", 1024);
}

std::string mistake(const std::string& kernel) {
  const auto config = read(kernel);
  return config ? "accepted" : config.error().message;
}

KernelSaTraits traits(std::string_view name, const char* peer, std::uint32_t reqid = 1, std::uint32_t if_id = 0) {
  return {.name = name,
          .local = *IpAddress::parse("192.0.2.1"),
          .peer = *IpAddress::parse(peer),
          .reqid = reqid,
          .if_id = if_id};
}

TEST(KernelConfig, OneWordIsEnough) {
  const auto config = read("");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_TRUE(config->sas_from_kernel);
  EXPECT_THAT(config->sas, IsEmpty());
  EXPECT_THAT(config->kernel.namespaces, ElementsAre(""));
  EXPECT_THAT(config->kernel.vici, ElementsAre("/run/charon.vici"));
  EXPECT_EQ(config->kernel.rule_for(traits("x", "203.0.113.7")).use, KernelSaUse::watch);
  EXPECT_EQ(config->kernel.rule_for(traits("x", "203.0.113.7")).liveness, gateway_liveness());
}

TEST(KernelConfig, ReadsEveryField) {
  const auto config = read(R"(kernel:
  netns: [default, red]
  vici: [/run/a/vici, /run/b/vici]
  line: eth1
  settle: 500ms
  rules:
    - { name: "branch-*", liveness: { interval: 100ms, multiplier: 3 } }
    - { peer: "203.0.113.0/28", local: "192.0.2.1", use: answer }
    - { reqid: 7, if_id: 3, use: skip }
)",
                           "udp_port: 4501\npath: { control_spi: 200, dscp: 46 }\nliveness: { interval: 250ms }\n");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  const KernelSaSettings& kernel = config->kernel;
  EXPECT_THAT(kernel.namespaces, ElementsAre("", "red"));
  EXPECT_THAT(kernel.vici, ElementsAre("/run/a/vici", "/run/b/vici"));
  EXPECT_EQ(kernel.line, "eth1");
  EXPECT_EQ(kernel.settle, milliseconds(500));
  EXPECT_EQ(kernel.path.control_spi, 200);
  EXPECT_EQ(kernel.path.dscp, 46);
  EXPECT_EQ(kernel.path.own_port, 4501);
  EXPECT_EQ(kernel.path.own_mac, MacAddress());
  const auto branch = kernel.rule_for(traits("branch-7/net", "203.0.113.1"));
  EXPECT_EQ(branch.use, KernelSaUse::watch);
  EXPECT_EQ(branch.liveness.interval, milliseconds(100));
  EXPECT_EQ(kernel.rule_for(traits("gw", "203.0.113.15")).use, KernelSaUse::answer);
  EXPECT_EQ(kernel.rule_for(traits("gw", "203.0.113.16", 7, 3)).use, KernelSaUse::skip);
  const auto other = kernel.rule_for(traits("gw", "203.0.113.16", 7, 4));
  EXPECT_EQ(other.use, KernelSaUse::watch);
  EXPECT_EQ(other.liveness.interval, milliseconds(250));
  EXPECT_EQ(other.liveness.multiplier, gateway_liveness().multiplier);
}

TEST(KernelConfig, CharonNeedsNotBeAsked) { EXPECT_THAT(read("kernel: { vici: off }")->kernel.vici, IsEmpty()); }

TEST(KernelConfig, SaysWhereAMistakeIs) {
  EXPECT_THAT(mistake("kernel: { nets: x }"), HasSubstr("sapulse.yaml:3: kernel: unknown field 'nets'"));
  EXPECT_THAT(mistake("kernel: { netns: [a, a] }"), HasSubstr("netns: named twice"));
  EXPECT_THAT(mistake("kernel: { netns: [] }"), HasSubstr("netns: expected text or a list of it"));
  EXPECT_THAT(mistake("kernel: { netns: { a: b } }"), HasSubstr("netns: expected text or a list of it"));
  EXPECT_THAT(mistake("kernel: { settle: 5 }"), HasSubstr("settle: expected a time with its unit"));
  EXPECT_THAT(mistake("kernel:\n  rules:\n    - { peer: \"203.0.113.0/33\" }"),
              HasSubstr("sapulse.yaml:5: peer: not an address or a prefix"));
  EXPECT_THAT(mistake("kernel: { rules: [ { use: ignore } ] }"), HasSubstr("use: must be watch, answer or skip"));
  EXPECT_THAT(mistake("kernel: { rules: [ { use: answer, liveness: { interval: 1s } } ] }"),
              HasSubstr("only SAs of use watch"));
  EXPECT_THAT(mistake("kernel: { rules: [ { reqid: -1 } ] }"), HasSubstr("reqid: expected a number"));
  EXPECT_THAT(parse_config("local: [\"192.0.2.1\"]\nsas: kernels\n", "sapulse.yaml", 1).error().message,
              HasSubstr("sas: expected a list of SAs, or kernel"));
}

TEST(IpPrefix, ContainsItsAddresses) {
  const auto contains = [](const char* prefix, const char* address) {
    return IpPrefix::parse(prefix)->contains(*IpAddress::parse(address));
  };
  EXPECT_TRUE(contains("192.0.2.0/25", "192.0.2.127"));
  EXPECT_FALSE(contains("192.0.2.0/25", "192.0.2.128"));
  EXPECT_TRUE(contains("0.0.0.0/0", "203.0.113.7"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(contains("::/0", "2001:db8::1"));
  EXPECT_FALSE(contains("::/0", "192.0.2.1"));
  EXPECT_TRUE(contains("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(contains("192.0.2.1", "192.0.2.2"));
  for (const char* bad : {"", "/8", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "2001:db8::/129", "x/8"}) {
    EXPECT_FALSE(IpPrefix::parse(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace sapulse::test
