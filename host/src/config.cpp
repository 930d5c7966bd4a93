// SPDX-License-Identifier: Apache-2.0
#include "sapulse/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <system_error>
#include <unordered_map>

#include "config_peer.h"
#include "yaml_reader.h"

namespace sapulse {
namespace {

constexpr std::uint64_t kMostSpi = std::numeric_limits<std::uint32_t>::max();

/// Action by the name that files use: hyphens instead of underscores.
std::optional<Action> find_action(std::string text) {
  if (text.find('_') != std::string::npos) return std::nullopt;
  std::ranges::replace(text, '-', '_');
  return regs::find_action(text);
}

std::string action_names() {
  std::string names = fmt::format("{}", fmt::join(regs::kActionNames, ", "));
  std::ranges::replace(names, '_', '-');
  return names;
}

/// Hex digits of a byte string whose length is one of `lengths`.
template <class Secret>
Secret read_secret(const YAML::Node& node, const std::string& what, std::initializer_list<std::size_t> lengths) {
  if (!node.IsScalar()) refuse(node, what + ": expected hex digits");
  const std::string& hex = node.Scalar();
  check_hex(node, what, hex, lengths);
  auto secret = Secret::from_hex(hex);
  if (!secret) refuse(node, what + ": not hexadecimal");
  return *secret;
}

std::vector<IpAddress> read_local(const YAML::Node& node) {
  if (!node.IsSequence() || node.size() == 0) refuse(node, "local: expected a list of addresses");
  std::vector<IpAddress> result;
  for (const auto& item : node) {
    const IpAddress address = read_address(item, "local");
    if (std::ranges::find(result, address) != result.end()) refuse(item, "local: address twice");
    if (result.size() == regs::kLocalAddresses) {
      refuse(item, fmt::format("local: more than the {} addresses that a card has room for", regs::kLocalAddresses));
    }
    result.push_back(address);
  }
  return result;
}

std::uint8_t read_control_spi(const YAML::Node& node) {
  const auto spi = read_number(node, "control_spi", 3, wire::spi_reserved_max);
  if (spi == wire::spi_echo || spi == wire::spi_echo_reply)
    refuse(node, "control_spi: 7 and 8 are those of the clear echo");
  return static_cast<std::uint8_t>(spi);
}

std::map<std::uint8_t, Action> read_reserved(const YAML::Node& node, std::uint8_t control_spi) {
  std::map<std::uint8_t, Action> result;
  for_each_entry(node, "reserved", [&](const YAML::Node& key, const YAML::Node& value) {
    const auto spi = static_cast<std::uint8_t>(read_number(key, "reserved: SPI", 1, wire::spi_reserved_max));
    if (spi == control_spi) refuse(key, fmt::format("reserved: SPI {} is the control SPI", spi));
    const auto action = value.IsScalar() ? find_action(value.Scalar()) : std::nullopt;
    if (!action) refuse(value, fmt::format("reserved: SPI {}: unknown action, must be one of {}", spi, action_names()));
    if (!result.emplace(spi, *action).second) refuse(key, fmt::format("reserved: SPI {} twice", spi));
  });
  return result;
}

SaDirection read_direction(const YamlMap& map, const std::string& what) {
  SaDirection direction;
  direction.spi = static_cast<std::uint32_t>(read_number(map.require("spi"), what + ": spi", kFirstSpi, kMostSpi));
  direction.key = read_secret<Key>(map.require("key"), what + ": key", {16, 32});
  direction.salt = read_secret<Salt>(map.require("salt"), what + ": salt", {wire::salt_bytes});
  return direction;
}

SaParameters read_sa(const YAML::Node& node, const PeerDefaults& defaults) {
  const YamlMap map(node, "sas entry", {"name", "local", "peer", "in", "out", "plain_salt", "path", "liveness"});
  SaParameters sa;
  sa.name = read_text(map.require("name"), "name");
  sa.local = read_address(map.require("local"), "local");
  const YAML::Node peer = map.require("peer");
  sa.peer = read_address(peer, "peer");
  if (sa.local.is_v4() != sa.peer.is_v4()) refuse(peer, "peer: not of the address family of local");
  sa.in = read_direction({map.require("in"), "in", {"spi", "key", "salt"}}, "in");
  const YamlMap out(map.require("out"), "out", {"spi", "key", "salt", "next"});
  sa.out = read_direction(out, "out");
  if (const auto next = out.find("next")) {
    sa.next = read_number(*next, "out: next", 1, std::numeric_limits<std::uint64_t>::max());
  }
  if (const auto plain = map.find("plain_salt")) sa.plain_salt = read_bool(*plain, "plain_salt");
  read_peer(map.find("path"), map.find("liveness"), defaults, sa);
  return sa;
}

PeerDefaults read_defaults(const YamlMap& file, const std::optional<MacAddress>& mac) {
  PeerDefaults defaults;
  if (mac) defaults.path.own_mac = *mac;
  if (const auto node = file.find("path")) defaults.path = read_path(*node, defaults.path);
  if (const auto node = file.find("liveness")) defaults.liveness = read_liveness(*node, LivenessSettings());
  return defaults;
}

std::vector<SaParameters> read_sas(const YAML::Node& node, std::size_t capacity, const PeerDefaults& defaults) {
  if (!node.IsSequence()) refuse(node, "sas: expected a list of SAs");
  std::vector<SaParameters> result;
  std::unordered_map<std::uint32_t, int> lines;  // of the inbound SPIs
  for (const auto& item : node) {
    if (result.size() == capacity) {
      refuse(item, fmt::format("sas: {} SAs, more than the {} that the card holds", node.size(), capacity));
    }
    result.push_back(read_sa(item, defaults));
    const YAML::Node spi = item["in"]["spi"];
    const auto [earlier, is_new] = lines.emplace(result.back().in.spi, line_of(spi));
    if (!is_new)
      refuse(spi, fmt::format("in: spi {:#x} is that of the SA in line {}, too", earlier->first, earlier->second));
  }
  return result;
}

Config read_config(const YAML::Node& root, std::size_t capacity) {
  const YamlMap map(root, "file",
                    {"local", "control_spi", "authoritative", "secret", "mac", "reserved", "errors", "icmp_peers",
                     "path", "liveness", "sas"});
  Config config;
  config.card.local = read_local(map.require("local"));
  if (const auto node = map.find("control_spi")) config.card.control_spi = read_control_spi(*node);
  if (const auto node = map.find("authoritative")) config.card.authoritative = read_bool(*node, "authoritative");
  if (const auto node = map.find("secret")) config.secret = read_secret<DeviceSecret>(*node, "secret", {32});
  if (const auto node = map.find("mac")) config.mac = read_mac(*node, "mac");
  if (const auto node = map.find("reserved")) config.card.reserved = read_reserved(*node, config.card.control_spi);
  if (const auto node = map.find("errors")) config.errors.codes = read_error_codes(*node);
  if (const auto node = map.find("icmp_peers")) config.errors.icmp_peers = read_icmp_peers(*node);
  config.sas = read_sas(map.require("sas"), capacity, read_defaults(map, config.mac));
  return config;
}

/// Zeroises text that has keys in it when it goes out of scope.
struct SecretText {
  std::string text;
  ~SecretText() { zeroise(std::as_writable_bytes(std::span(text))); }
};

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& name, std::size_t sa_capacity) {
  const auto mistake = [&](int line, const std::string& what) {
    return failure(Errc::parse_error, fmt::format("{}:{}: {}", name, line, what));
  };
  try {
    SecretText copy{std::string(text)};
    const auto documents = YAML::LoadAll(copy.text);
    if (documents.size() != 1) return mistake(1, fmt::format("expected one YAML document, found {}", documents.size()));
    return read_config(documents.front(), sa_capacity);
  } catch (const YamlMistake& error) {
    return mistake(error.line, error.what);
  } catch (const YAML::Exception& error) {
    return mistake(std::max(error.mark.line, 0) + 1, "not YAML: " + error.msg.substr(0, error.msg.find('\n')));
  }
}

Result<Config> load_config(const std::filesystem::path& file, std::size_t sa_capacity) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) return failure(Errc::not_found, file.string() + ": no such file");
  if (std::filesystem::is_directory(status)) return failure(Errc::io_error, file.string() + ": is a directory");
  std::ifstream stream(file, std::ios::binary);
  SecretText content{std::string(std::istreambuf_iterator<char>(stream), {})};
  if (!stream.good() && !stream.eof()) return failure(Errc::io_error, file.string() + ": cannot be read");
  return parse_config(content.text, file.string(), sa_capacity);
}

}  // namespace sapulse
