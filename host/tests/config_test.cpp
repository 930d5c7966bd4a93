// SPDX-License-Identifier: Apache-2.0
// Configuration files: what they say, and each mistake with its line.
#include "sapulse/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "fake_device.h"
#include "sapulse/endpoint.h"
#include "test_sas.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

constexpr std::string_view kGood = R"(# comment
local: ["192.0.2.1", "2001:db8::1"]
control_spi: 252
authoritative: true
secret: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
mac: "02:aa:bb:cc:dd:01"
reserved: { 9: drop, 10: host, 0x0b: pass }
sas:
  - name: peer0
    local: "192.0.2.1"
    peer: "198.51.100.1"
    in:  { spi: 0x2265b2f5, key: "000102030405060708090A0B0C0D0E0F", salt: "a1b2c3d4" }
    out: { spi: 2440517962, key: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", salt: "01020304", next: 7 }
    plain: true
  - name: peer1
    local: "2001:db8::1"
    peer: "2001:db8::2"
    in:  { spi: 256, key: "000102030405060708090a0b0c0d0e0f", salt: "a1b2c3d4" }
    out: { spi: 257, key: "000102030405060708090a0b0c0d0e0f", salt: "01020304" }
)";

/// The good file with one piece of text replaced.
std::string with(std::string_view from, std::string_view to) {
  std::string text(kGood);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

Result<Config> read(const std::string& text) { return parse_config(text, "sas.yaml", 2, NextField::allowed); }

std::string mistake(const std::string& text, std::size_t capacity = 1024) {
  const auto config = parse_config(text, "sas.yaml", capacity, NextField::allowed);
  if (config) return "accepted";
  EXPECT_EQ(config.error().code, Errc::parse_error);
  EXPECT_EQ(config.error().message.find('\n'), std::string::npos);
  EXPECT_EQ(config.error().message.find("0102030405"), std::string::npos) << "key in a message";
  return config.error().message;
}

TEST(Config, ReadsEveryField) {
  const auto config = read(std::string(kGood));
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->card.local.size(), 2U);
  EXPECT_EQ(config->card.local[1].to_string(), "2001:db8::1");
  EXPECT_EQ(config->card.control_spi, 252);
  EXPECT_TRUE(config->card.authoritative);
  EXPECT_EQ(config->secret.size(), 32U);
  ASSERT_EQ(config->card.mac.size(), 1U);
  EXPECT_EQ(config->card.mac[0].to_string(), "02:aa:bb:cc:dd:01");
  EXPECT_EQ(config->card.reserved,
            (std::map<std::uint8_t, Action>{{9, Action::drop}, {10, Action::host}, {11, Action::pass}}));
  ASSERT_EQ(config->sas.size(), 2U);
  const SaParameters& sa = config->sas[0];
  EXPECT_EQ(sa.name, "peer0");
  EXPECT_EQ(sa.local.to_string(), "192.0.2.1");
  EXPECT_EQ(sa.peer.to_string(), "198.51.100.1");
  EXPECT_EQ(sa.in.spi, 0x2265b2f5U);
  EXPECT_EQ(to_hex(sa.in.key.bytes()), "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(to_hex(sa.in.salt.bytes()), "a1b2c3d4");
  EXPECT_EQ(sa.out.spi, 2440517962U);
  EXPECT_EQ(sa.out.key.size(), 32U);
  EXPECT_EQ(sa.next, 7U);
  EXPECT_TRUE(sa.plain);
  EXPECT_FALSE(config->sas[1].plain);
  EXPECT_EQ(config->sas[1].next, std::nullopt);
}

TEST(Config, LeavesOutWhatIsOptional) {
  const auto config = parse_config("local: [192.0.2.1]\nsas: []\n", "f", 1);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->card.control_spi, 253);
  EXPECT_FALSE(config->card.authoritative);
  EXPECT_TRUE(config->secret.empty());
  EXPECT_TRUE(config->card.mac.empty());
  EXPECT_EQ(config->card.udp_port, 4500);
  EXPECT_EQ(config->card.tx_share, 65536U);
  EXPECT_TRUE(config->card.reserved.empty());
}

/// Two runs would use the same nonces under the same keys.
TEST(Config, NamesACardOrNone) {
  const std::string rest = "local: [\"192.0.2.1\"]\nsas: kernel\n";
  EXPECT_EQ(parse_config("device: net:eth0\n" + rest, "sas.yaml", 8)->device, "net:eth0");
  EXPECT_EQ(parse_config(rest, "sas.yaml", 8)->device, "");
}

TEST(Config, ANextIsRefusedWhereNobodyRemembersIt) {
  const auto refused = parse_config(kGood, "sas.yaml", 2, NextField::refused);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::StartsWith("sas.yaml:13: out: next: "));
  EXPECT_THAT(refused.error().message, HasSubstr("directory of state"));
  EXPECT_TRUE(parse_config(with(", next: 7", ""), "sas.yaml", 2, NextField::refused));
}

TEST(Config, ReadsSeveralMacsPortShareAndLimits) {
  const auto config = read(with("mac: \"02:aa:bb:cc:dd:01\"",
                                "mac: [\"02:aa:bb:cc:dd:01\", \"02:aa:bb:cc:dd:03\"]\nudp_port: 4501\ntx_share: 9000\n"
                                "source_limit: { interval: 5us, burst: 7 }\necho_limit: { burst: 9 }\n"
                                "path: { peer_mac: \"02:aa:bb:cc:dd:02\" }"));
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->card.mac.size(), 2U);
  EXPECT_EQ(config->card.mac[1].to_string(), "02:aa:bb:cc:dd:03");
  EXPECT_EQ(config->card.udp_port, 4501);
  EXPECT_EQ(config->card.tx_share, 9000U);
  EXPECT_EQ(config->card.source_limit, (RateLimit{std::chrono::microseconds(5), 7}));
  EXPECT_EQ(config->card.limits[Cause::echo], (RateLimit{std::chrono::microseconds(10), 9}));
  EXPECT_EQ(config->sas[0].path->own_mac, config->card.mac[0]) << "the first of them";
  EXPECT_EQ(config->sas[0].path->own_port, 4501);
}

TEST(Config, ReadsKeysOfOtherCiphers) {
  const auto config =
      read(with("in:  { spi: 256, key: \"000102030405060708090a0b0c0d0e0f\", salt: \"a1b2c3d4\" }",
                "in:  { spi: 256, key: \"000102030405060708090a0b0c0d0e0f1011121314151617\", integrity: "
                "\"101112131415161718191a1b1c1d1e1f20212223\" }"));
  ASSERT_TRUE(config) << config.error().message;
  const SaDirection& in = config->sas[1].in;
  EXPECT_EQ(in.key.size(), 24U);
  EXPECT_TRUE(in.salt.empty());
  EXPECT_EQ(in.integrity.size(), 20U);
}

struct Case {
  std::string_view from;
  std::string_view to;
  std::string_view expected;
};

TEST(Config, EachMistakeHasItsLine) {
  const std::vector<Case> cases{
      {"spi: 0x2265b2f5", "spi: 255", "sas.yaml:12: in: spi: out of range, must be 256..4294967295"},
      {"spi: 257", "spi: 0x1ffffffff", "sas.yaml:19: out: spi: out of range"},
      {"spi: 257", "spi: many", "sas.yaml:19: out: spi: expected a number"},
      {"spi: 257", "spi: -1", "sas.yaml:19: out: spi: expected a number"},
      {"spi: 257, ", "", "sas.yaml:19: out: missing field 'spi'"},
      {"0A0B0C0D0E0F\"", "0A0B0C0D0E\"", "sas.yaml:12: in: key: 30 hex digits, must be 16 to 64 bytes of 2 digits"},
      {"0A0B0C0D0E0F\"", "0A0B0C0D0E0x\"", "sas.yaml:12: in: key: not hexadecimal"},
      {"salt: \"a1b2c3d4\"", "salt: \"a1b2\"", "sas.yaml:12: in: salt: 4 hex digits, must be 3 to 4 bytes"},
      {"salt: \"a1b2c3d4\"", "salt: [1]", "sas.yaml:12: in: salt: expected hex digits"},
      {"next: 7", "next: 0", "sas.yaml:13: out: next: out of range"},
      {"in:  { spi: 256", "in:  { spi: 0x2265b2f5",
       "sas.yaml:18: in: spi 0x2265b2f5 is that of the SA in line 12, too"},
      {"name: peer1", "name: peer0", "sas.yaml:15: name: the SA in line 9 is called so, too"},
      {"plain: true", "plain: perhaps", "sas.yaml:14: plain: expected true or false"},
      {"plain: true", "plain_salt: true", "sas.yaml:14: sas entry: unknown field 'plain_salt'"},
      {"plain: true", "000102030405060708090a0b0c0d0e0f: true", "sas.yaml:14: sas entry: unknown field"},
      {"plain: true", "name: again", "sas.yaml:14: sas entry: field 'name' twice"},
      {"  - name: peer1\n    local", "  - local", "sas.yaml:15: sas entry: missing field 'name'"},
      {"local: \"192.0.2.1\"", "local: \"192.0.2.9\"",
       "sas.yaml:10: local: 192.0.2.9 is not one of the card's addresses"},
      {"peer: \"198.51.100.1\"", "peer: \"198.51.100.300\"", "sas.yaml:11: peer: not an IP address"},
      {"peer: \"198.51.100.1\"", "peer: \"2001:db8::5\"", "sas.yaml:11: peer: not of the address family of local"},
      {"peer: \"198.51.100.1\"", "peer: \"224.0.0.1\"", "sas.yaml:11: peer: not the address of one host"},
      {"[\"192.0.2.1\", ", "[\"192.0.2\", ", "sas.yaml:2: local: not an IP address"},
      {"[\"192.0.2.1\", ", "[\"2001:db8::1\", ", "sas.yaml:2: local: address twice"},
      {"[\"192.0.2.1\", \"2001:db8::1\"]", "[]", "sas.yaml:2: local: expected a list of addresses"},
      {"local: [\"192.0.2.1\", \"2001:db8::1\"]\n", "", "sas.yaml:2: file: missing field 'local'"},
      {"control_spi: 252", "control_spi: 2", "sas.yaml:3: control_spi: out of range, must be 3..255"},
      {"control_spi: 252", "control_spi: 256", "sas.yaml:3: control_spi: out of range, must be 3..255"},
      {"control_spi: 252", "control_spi: 7", "sas.yaml:3: control_spi: 7 and 8 are"},
      {"control_spi: 252", "control_spi: 8", "sas.yaml:3: control_spi: 7 and 8 are"},
      {"control_spi: 252", "control_spy: 252", "sas.yaml:3: file: unknown field 'control_spy'"},
      {"1c1d1e1f\"", "1c1d1e\"", "sas.yaml:5: secret: 62 hex digits, must be 32 bytes"},
      {"02:aa:bb", "03:aa:bb", "sas.yaml:6: mac: not the Ethernet address of one host"},
      {"9: drop", "9: explode",
       "sas.yaml:7: reserved: SPI 9: unknown action, must be one of pass, drop, control, echo, echo-reply, host"},
      {"9: drop", "9: echo_reply", "sas.yaml:7: reserved: SPI 9: unknown action"},
      {"9: drop", "9: echo", "sas.yaml:7: reserved: only SPI 7 may have the action echo"},
      {"9: drop", "9: echo-reply", "sas.yaml:7: reserved: only SPI 8 may have the action echo-reply"},
      {"mac: ", "mac: [\"02:aa:bb:cc:dd:02\"]\nmac: ", "sas.yaml:7: file: field 'mac' twice"},
      {"mac: \"02:aa:bb:cc:dd:01\"", "mac: []", "sas.yaml:6: mac: expected a list of addresses"},
      {"mac: \"02:aa:bb:cc:dd:01\"", "mac: [\"02:aa:bb:cc:dd:01\", \"02:aa:bb:cc:dd:01\"]",
       "sas.yaml:6: mac: address twice"},
      {"mac: \"02:aa:bb:cc:dd:01\"", "udp_port: 0", "sas.yaml:6: udp_port: out of range"},
      {"mac: \"02:aa:bb:cc:dd:01\"", "tx_share: 16777216", "sas.yaml:6: TX share of 16777216 bytes: at most"},
      {"mac: \"02:aa:bb:cc:dd:01\"", "source_limit: { burst: 256 }", "sas.yaml:6: rate limit of sources: the burst"},
      {"mac: \"02:aa:bb:cc:dd:01\"", "echo_limit: { interval: 10 }",
       "sas.yaml:6: echo_limit: interval: expected a time"},
      {"mac: \"02:aa:bb:cc:dd:01\"", "errors: { 1: true, 0x1: false }", "sas.yaml:6: errors: code 1 twice"},
      {", salt: \"a1b2c3d4\" }\n    out: { spi: 257", " }\n    out: { spi: 257",
       "sas.yaml:18: in: missing field 'salt'"},
      {"spi: 2440517962, key: \"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\", salt: \"01020304\"",
       "spi: 0x2265b2f5, key: \"000102030405060708090A0B0C0D0E0F\", salt: \"a1b2c3d4\"",
       "sas.yaml:9: SA 'peer0': in and out have the same SPI and keys"},
      {"9: drop", "256: drop", "sas.yaml:7: reserved: SPI: out of range, must be 1..255"},
      {"9: drop", "0: drop", "sas.yaml:7: reserved: SPI: out of range"},
      {"9: drop", "252: drop", "sas.yaml:7: reserved: SPI 252 is the control SPI"},
      {"9: drop", "0xa: drop", "sas.yaml:7: reserved: SPI 10 twice"},
      {"reserved: {", "reserved: [{", "sas.yaml:"},
      {"sas:\n", "sas: 5\nextra:\n", "sas.yaml:9: file: unknown field 'extra'"},
      {"    plain: true", "  plain: true", "sas.yaml:14: not YAML: "},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(mistake(with(c.from, c.to)), testing::StartsWith(std::string(c.expected))) << c.from << " -> " << c.to;
  }
}

TEST(Config, AKeyThatIsGivenTwiceIsRefusedWithItsLine) {
  const auto config = load_config(SAPULSE_CASES "/errors_twice.yaml", 1);
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("errors_twice.yaml:2: errors: code 1 twice"));
}

TEST(Config, MoreSasThanTheCardHolds) {
  EXPECT_EQ(mistake(std::string(kGood), 1), "sas.yaml:9: sas: 2 SAs, more than the 1 that the card holds");
}

TEST(Config, OtherFilesAreRefused) {
  EXPECT_EQ(mistake(""), "sas.yaml:1: expected one YAML document, found 0");
  EXPECT_EQ(mistake("a: 1\n---\nb: 1\n"), "sas.yaml:1: expected one YAML document, found 2");
  EXPECT_EQ(mistake("- 1\n"), "sas.yaml:1: file: expected a map of fields");
  EXPECT_THAT(mistake(std::string("\xd4\xc3\xb2\xa1\x02\0\x04\0", 8)), testing::StartsWith("sas.yaml:1: "));
  EXPECT_THAT(mistake(std::string(100000, '[')), testing::StartsWith("sas.yaml:"));
  EXPECT_THAT(mistake("local: [192.0.2.1]\nsas: &a [*a]\n"), testing::StartsWith("sas.yaml:2: "));
}

TEST(Config, FilesAreNamedInMessages) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("sapulse-config-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto missing = load_config(folder / "missing.yaml", 1);
  EXPECT_EQ(missing.error().code, Errc::not_found);
  EXPECT_THAT(missing.error().message, HasSubstr("missing.yaml: no such file"));
  EXPECT_EQ(load_config(folder, 1).error().code, Errc::io_error);
  std::ofstream(folder / "sas.yaml") << with("control_spi: 252", "control_spi: 7");
  EXPECT_THAT(load_config(folder / "sas.yaml", 2, NextField::allowed).error().message,
              HasSubstr("sas.yaml:3: control_spi"));
  std::ofstream(folder / "sas.yaml") << kGood;
  EXPECT_TRUE(load_config(folder / "sas.yaml", 2, NextField::allowed));
  std::filesystem::remove_all(folder);
}

/// The good file with these lines before its SAs, and these in its first SA.
std::string with_peer(std::string_view file, std::string_view sa) {
  std::string text(kGood);
  text.insert(text.find("  - name: peer1"), std::string("    ") + std::string(sa) + "\n");
  return text.insert(text.find("sas:"), std::string(file) + "\n");
}

TEST(Config, ReadsPathsAndLiveness) {
  const auto config =
      parse_config(with_peer(R"(path: { peer_mac: "02:aa:bb:cc:dd:02", dscp: 46, vlan: 7 }
liveness: { interval: 10ms, multiplier: 5 })",
                             R"(path: { mac: "02:aa:bb:cc:dd:09", vlan: [0x88a80064, 9], encapsulation: udp,
            own_port: 4500, peer_port: 1024, control_spi: 200 }
    liveness: { mode: host, interval: 3.3ms, multiplier: 10, suspect: 0, jitter: 5, size: 100, data_alive: true })"),
                   "sas.yaml", 2, NextField::allowed);
  ASSERT_TRUE(config) << config.error().message;
  const Path& path = *config->sas[0].path;
  EXPECT_EQ(path.own_mac.to_string(), "02:aa:bb:cc:dd:09");
  EXPECT_EQ(path.peer_mac.to_string(), "02:aa:bb:cc:dd:02");
  EXPECT_EQ(path.tags, (std::vector<VlanTag>{{0x88a8, 100}, {0x8100, 9}}));
  EXPECT_EQ(path.encapsulation, Encapsulation::udp);
  EXPECT_EQ(path.own_port, 4500);
  EXPECT_EQ(path.peer_port, 1024);
  EXPECT_EQ(path.control_spi, 200);
  EXPECT_EQ(path.dscp, 46);
  const LivenessSettings expected{.mode = ProbeMode::host,
                                  .interval = std::chrono::microseconds(3300),
                                  .multiplier = 10,
                                  .suspect = 0,
                                  .jitter_percent = 5,
                                  .data_bytes = 100,
                                  .data_alive = true};
  EXPECT_EQ(config->sas[0].liveness, expected);
  EXPECT_EQ(config->sas[1].path->own_mac.to_string(), "02:aa:bb:cc:dd:01") << "the file's";
  EXPECT_EQ(config->sas[1].path->tags, (std::vector<VlanTag>{{0x8100, 7}}));
  EXPECT_EQ(config->sas[1].liveness->interval, std::chrono::milliseconds(10)) << "the defaults";
}

TEST(Config, LivenessCanBeSwitchedOffForAnSa) {
  const auto config =
      parse_config(with_peer("path: { peer_mac: \"02:aa:bb:cc:dd:02\" }\nliveness: {}", "liveness: off"), "sas.yaml", 2,
                   NextField::allowed);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->sas[0].liveness, std::nullopt);
  EXPECT_EQ(config->sas[1].liveness, LivenessSettings());
}

TEST(Config, WithoutPathNothingIsAsked) {
  const auto config = read(std::string(kGood));
  ASSERT_TRUE(config);
  EXPECT_EQ(config->sas[0].path, std::nullopt);
  EXPECT_EQ(config->sas[0].liveness, std::nullopt);
}

TEST(Config, RefusesBadPathsAndLiveness) {
  const std::string peer = "path: { peer_mac: \"02:aa:bb:cc:dd:02\" }";
  const auto bad = [&](std::string_view sa) { return mistake(with_peer(peer, sa)); };
  EXPECT_THAT(mistake(with_peer("", "path: { vlan: 7 }")),
              HasSubstr("sas.yaml:16: path: mac and peer_mac must be given"));
  EXPECT_THAT(mistake(with_peer("", "liveness: { interval: 1ms }")), HasSubstr("liveness: needs a path"));
  EXPECT_THAT(bad("path: { vlan: [1, 2, 3] }"), HasSubstr("vlan: expected a number or a list of up to 2"));
  EXPECT_THAT(bad("path: { vlan: 0x91000007 }"), HasSubstr("vlan: the TPID must be"));
  EXPECT_THAT(bad("path: { encapsulation: gre }"), HasSubstr("encapsulation: must be esp, udp or ah"));
  EXPECT_THAT(bad("path: { encapsulation: udp, own_port: 500, peer_port: 500 }"),
              HasSubstr("own_port: answers to it would pass, since udp_port is 4500"));
  EXPECT_THAT(bad("path: { control_spi: 7 }"), HasSubstr("control SPI 7"));
  EXPECT_THAT(bad("path: { peer_mac: \"01:00:5e:00:00:01\" }"), HasSubstr("peer_mac: not the Ethernet address"));
  EXPECT_THAT(bad("path: { color: red }"), HasSubstr("unknown field 'color'"));
  EXPECT_THAT(bad("liveness: { interval: 10 }"), HasSubstr("interval: expected a time with its unit"));
  EXPECT_THAT(bad("liveness: { mode: nobody }"), HasSubstr("mode: must be card or host"));
  EXPECT_THAT(bad("liveness: { multiplier: 300 }"), HasSubstr("multiplier 300: must be 1..255"));
}

TEST(Config, ReadsErrorCodesAndIcmpPeers) {
  const auto config = parse_config(with_peer("errors: { 2: true, 6: false }\nicmp_peers: [\"198.51.100.9\"]", ""),
                                   "sas.yaml", 2, NextField::allowed);
  ASSERT_TRUE(config) << config.error().message;
  for (const std::uint8_t code : {1, 2, 5}) EXPECT_TRUE(config->errors.codes.has(code));
  for (const std::uint8_t code : {3, 4, 6}) EXPECT_FALSE(config->errors.codes.has(code));
  EXPECT_EQ(config->errors.icmp_peers.at(0).to_string(), "198.51.100.9");
  EXPECT_THAT(mistake(with_peer("errors: { 7: true }", "")), HasSubstr("errors: code: out of range"));
  EXPECT_THAT(mistake(with_peer("errors: { 2: maybe }", "")), HasSubstr("errors: 2: expected true or false"));
  EXPECT_THAT(mistake(with_peer("icmp_peers: [\"2001:db8::9\"]", "")), HasSubstr("IPv4 only"));
}

TEST(Config, EndpointProgramsTheCard) {
  FakeDevice device;
  const auto config = parse_config(kGood, "sas.yaml", 64, NextField::allowed);
  ASSERT_TRUE(config);
  auto endpoint = Endpoint::open(device, *config);
  ASSERT_TRUE(endpoint) << endpoint.error().message;
  EXPECT_TRUE(device.lookup(0x2265b2f5));
  EXPECT_TRUE(device.lookup(256));
  EXPECT_EQ(device.reg(regs::offset::action(252)), static_cast<std::uint32_t>(Action::control));
  EXPECT_EQ(device.reg(regs::offset::kControl), 3U);
  EXPECT_TRUE(*(*endpoint)->quiet());
  EXPECT_TRUE((*endpoint)->close());
  EXPECT_THAT(device.violations, testing::IsEmpty());
}

TEST(Config, OpeningTellsHowManySasAreInstalled) {
  FakeDevice device(1024, 0, FakeDevice::kAll);
  Config config;
  config.card.local = {IpAddress::v4(0xc0000201)};
  for (std::uint32_t i = 0; i < 600; ++i) config.sas.push_back(make_sa(256 + i));
  std::vector<std::pair<std::size_t, std::size_t>> told;
  EndpointOptions options;
  options.progress = [&](std::size_t done, std::size_t all) { told.emplace_back(done, all); };
  const auto endpoint = Endpoint::open(device, config, options);
  ASSERT_TRUE(endpoint) << endpoint.error().message;
  EXPECT_EQ((*endpoint)->sas().size(), 600U);
  EXPECT_THAT(told, testing::ElementsAre(std::pair(512U, 600U), std::pair(600U, 600U)));
}

}  // namespace
}  // namespace sapulse::test
