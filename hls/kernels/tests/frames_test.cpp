// SPDX-License-Identifier: Apache-2.0
// The vectors of tests/vectors through all kernels in a chain.
#include <arpa/inet.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/datapath.h"

namespace sapulse::test {
namespace {

ap_uint<128> parse_address(const std::string& text) {
  bytes b(16);
  if (inet_pton(AF_INET6, text.c_str(), b.data()) != 1) {
    b[10] = b[11] = 0xff;
    if (inet_pton(AF_INET, text.c_str(), b.data() + 12) != 1) throw std::runtime_error("bad address " + text);
  }
  ap_uint<128> r = 0;
  for (auto x : b) r = r << 8 | ap_uint<128>(x);
  return r;
}

gcm_key parse_key(const nlohmann::json& half) {
  return {from_hex(half["control_key"]), from_hex(half["control_salt"])};
}

ap_uint<48> parse_mac(const std::string& text) {
  std::uint64_t r = 0;
  for (std::size_t i = 0; i < 17; i += 3) r = r << 8 | std::stoul(text.substr(i, 2), nullptr, 16);
  return r;
}

/// The crash token that an answer carries, taken from the expected answer: the kernels get it from the host.
bytes token_of(const security_association& sa, const bytes& answer) {
  const std::size_t nested = answer.size() - 100;  // a telemetry ping of 100 bytes
  const bytes text = open_nested(sa.out, bytes(answer.begin() + static_cast<std::ptrdiff_t>(nested), answer.end()));
  return text.empty() ? bytes() : bytes(text.begin() + 40, text.begin() + 56);
}

class Frames : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(SAPULSE_VECTORS "/frames.json");
    ASSERT_TRUE(file) << "cannot open " SAPULSE_VECTORS "/frames.json";
    vectors = nlohmann::json::parse(file);
    path.control_spi = vectors["control_spi"];
    for (const auto& a : vectors["local"]) path.local.push_back(parse_address(a));
    for (const auto& m : vectors["mac"]) path.macs.push_back(parse_mac(m));
    for (const auto& s : vectors["sas"]) {
      security_association sa;
      sa.in_spi = s["in"]["spi"];
      sa.out_spi = s["out"]["spi"];
      sa.in = parse_key(s["in"]);
      sa.out = parse_key(s["out"]);
      sa.token_nonce = from_hex(s["token_nonce"]);
      sa.next = s["out"]["next"];
      path.associations[sa.in_spi] = sa;
    }
    find_tokens();
  }

  void find_tokens() {
    for (const auto& c : vectors["cases"]) {
      if (std::string(c["name"]).rfind("ping telemetry v", 0) != 0) continue;
      const bytes answer = from_hex(c["line_out"][0]);
      for (auto& [spi, sa] : path.associations) {
        if (get(answer, answer.size() - 100, 4) == sa.out_spi) sa.token = token_of(sa, answer);
      }
    }
  }

  nlohmann::json vectors;
  Datapath path;
};

/// Answers that the host sends, not the kernels.
bool is_hosts(const std::string& fate) { return fate == "unknown SPI" || fate == "host"; }

TEST_F(Frames, AllAnswersMatch) {
  ASSERT_EQ(vectors["cases"].size(), 128u);
  std::size_t answered = 0;
  for (const auto& c : vectors["cases"]) {
    const outcome o = path.process(from_hex(c["in"]));
    SCOPED_TRACE(std::string(c["name"]) + ": " + o.fate);
    EXPECT_EQ(o.fate == "passed", !c["core_out"].empty());
    if (is_hosts(o.fate)) continue;
    ASSERT_EQ(!o.answer.empty(), !c["line_out"].empty());
    if (o.answer.empty()) continue;
    EXPECT_EQ(to_hex(o.answer), std::string(c["line_out"][0]));
    answered++;
  }
  EXPECT_EQ(answered, 63u);
}

TEST_F(Frames, RefusalsHaveTheirCause) {
  const std::map<std::string, std::string> fates = {
      {"replay", "dropped: replay"},
      {"keepalive: no answer wanted", "keepalive"},
      {"bad ICV", "dropped: open 1"},
      {"bad padding", "dropped: open 2"},
      {"body R set", "dropped: open 3"},
      {"body sub-type 3 in a request", "dropped: sub-type"},
      {"IV and sequence differ", "dropped: control 10"},
      {"bad control checksum", "dropped: control 7"},
      {"source own address", "dropped: source"},
      {"clear echo UDP v6 without checksum", "dropped: echo"},
      {"clear echo reply comes in", "host"},
  };
  std::size_t found = 0;
  for (const auto& c : vectors["cases"]) {
    const outcome o = path.process(from_hex(c["in"]));
    const auto fate = fates.find(c["name"]);
    if (fate == fates.end()) continue;
    EXPECT_EQ(o.fate, fate->second) << fate->first;
    found++;
  }
  EXPECT_EQ(found, fates.size());
}

}  // namespace
}  // namespace sapulse::test
