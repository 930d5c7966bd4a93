// SPDX-License-Identifier: Apache-2.0
#include "sapulse/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <span>
#include <sstream>
#include <system_error>
#include <unordered_map>

#include "config_http.h"
#include "config_kernel.h"
#include "config_peer.h"
#include "config_reactions.h"
#include "sapulse/secret.h"
#include "utf8.h"
#include "yaml_reader.h"

namespace sapulse {
namespace {

constexpr std::size_t kShortestKey = 16;
constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kShortestSalt = 3;
constexpr std::size_t kSecretBytes = 32;
constexpr std::uint64_t kMostSpi = std::numeric_limits<std::uint32_t>::max();

/// Action by the name that files use: hyphens instead of underscores.
std::optional<Action> find_action(std::string_view name) {
  std::string text(name);
  if (text.find('_') != std::string::npos) return std::nullopt;
  std::ranges::replace(text, '-', '_');
  return regs::find_action(text);
}

std::string action_names() {
  std::string names = fmt::format("{}", fmt::join(regs::kActionNames, ", "));
  std::ranges::replace(names, '_', '-');
  return names;
}

/// Hex digits of a byte string of `least` to `most` bytes.
template <class Secret>
Secret read_secret(const YamlNode& node, const std::string& what, std::size_t least, std::size_t most) {
  if (!node.is_scalar()) refuse(node, what + ": expected hex digits");
  const std::string_view hex = node.scalar();
  check_hex(node, what, hex, least, most);
  auto secret = Secret::from_hex(hex);
  if (!secret) refuse(node, what + ": not hexadecimal");
  return *secret;
}

/// A list of different addresses, each read by `read_one`, of which a card has room for `room`.
template <class Address>
std::vector<Address> read_list(const YamlNode& node, const std::string& what, std::size_t room,
                               Address (*read_one)(const YamlNode&, const std::string&)) {
  if (!node.is_sequence() || node.size() == 0) refuse(node, what + ": expected a list of addresses");
  std::vector<Address> result;
  for (const auto& item : node) {
    const Address address = read_one(item, what);
    if (std::ranges::find(result, address) != result.end()) refuse(item, what + ": address twice");
    if (result.size() == room) {
      refuse(item, fmt::format("{}: more than the {} addresses that a card has room for", what, room));
    }
    result.push_back(address);
  }
  return result;
}

std::vector<MacAddress> read_macs(const YamlNode& node) {
  if (node.is_scalar()) return {read_mac(node, "mac")};
  return read_list(node, "mac", regs::kLocalMacs, read_mac);
}

std::uint8_t read_control_spi(const YamlNode& node) {
  const auto spi = read_number(node, "control_spi", 3, wire::spi_reserved_max);
  if (spi == wire::spi_echo || spi == wire::spi_echo_reply)
    refuse(node, "control_spi: 7 and 8 are those of the clear echo");
  return static_cast<std::uint8_t>(spi);
}

std::map<std::uint8_t, Action> read_reserved(const YamlNode& node, std::uint8_t control_spi) {
  std::map<std::uint8_t, Action> result;
  for_each_entry(node, "reserved", [&](const YamlNode& key, const YamlNode& value) {
    const auto spi = static_cast<std::uint8_t>(read_number(key, "reserved: SPI", 1, wire::spi_reserved_max));
    if (spi == control_spi) refuse(key, fmt::format("reserved: SPI {} is the control SPI", spi));
    const auto action = value.is_scalar() ? find_action(value.scalar()) : std::nullopt;
    if (!action) refuse(value, fmt::format("reserved: SPI {}: unknown action, must be one of {}", spi, action_names()));
    if (*action == Action::echo && spi != wire::spi_echo)
      refuse(value, "reserved: only SPI 7 may have the action echo");
    if (*action == Action::echo_reply && spi != wire::spi_echo_reply) {
      refuse(value, "reserved: only SPI 8 may have the action echo-reply");
    }
    if (!result.emplace(spi, *action).second) refuse(key, fmt::format("reserved: SPI {} twice", spi));
  });
  return result;
}

SaDirection read_direction(const YamlMap& map, const std::string& what) {
  SaDirection direction;
  direction.spi = static_cast<std::uint32_t>(read_number(map.require("spi"), what + ": spi", kFirstSpi, kMostSpi));
  const auto integrity = map.find("integrity");
  if (integrity) direction.integrity = read_secret<Key>(*integrity, what + ": integrity", kShortestKey, kLongestKey);
  // ESP without encryption has no key (RFC 2410), and only AEAD ciphers have a salt.
  const auto key = integrity ? map.find("key") : map.require("key");
  if (key) direction.key = read_secret<Key>(*key, what + ": key", kShortestKey, kLongestKey);
  const auto salt = integrity ? map.find("salt") : map.require("salt");
  if (salt) direction.salt = read_secret<Salt>(*salt, what + ": salt", kShortestSalt, wire::salt_bytes);
  return direction;
}

SaParameters read_sa(const YamlNode& node, const PeerDefaults& defaults, NextField next_field) {
  const YamlMap map(node, "sas entry", {"name", "local", "peer", "in", "out", "plain", "path", "liveness"});
  SaParameters sa;
  sa.name = read_text(map.require("name"), "name");
  sa.local = read_address(map.require("local"), "local");
  const YamlNode peer = map.require("peer");
  sa.peer = read_address(peer, "peer");
  if (sa.local.is_v4() != sa.peer.is_v4()) refuse(peer, "peer: not of the address family of local");
  sa.in = read_direction({map.require("in"), "in", {"spi", "key", "salt", "integrity"}}, "in");
  const YamlMap out(map.require("out"), "out", {"spi", "key", "salt", "integrity", "next"});
  sa.out = read_direction(out, "out");
  if (const auto next = out.find("next")) {
    if (next_field == NextField::refused) {
      refuse(*next,
             "out: next: read twice, it would repeat numbers under the same keys; needs a directory of state, or "
             "a simulated card");
    }
    sa.next = read_number(*next, "out: next", 1, std::numeric_limits<std::uint64_t>::max());
  }
  if (const auto plain = map.find("plain")) sa.plain = read_bool(*plain, "plain");
  read_peer(map.find("path"), map.find("liveness"), defaults, sa);
  check(node, validate(sa));
  return sa;
}

PeerDefaults read_defaults(const YamlMap& file, const CardConfig& card) {
  PeerDefaults defaults;
  if (!card.mac.empty()) defaults.path.own_mac = card.mac.front();
  defaults.path.own_port = card.udp_port;
  if (const auto node = file.find("path")) defaults.path = read_path(*node, defaults.path);
  if (const auto node = file.find("liveness")) defaults.liveness = read_liveness(*node, LivenessSettings());
  return defaults;
}

KernelSaSettings read_kernel_settings(const YamlMap& file, const CardConfig& card) {
  KernelSaSettings settings;
  settings.path.own_port = card.udp_port;
  if (const auto node = file.find("path")) settings.path = read_path(*node, settings.path);
  if (const auto node = file.find("liveness")) settings.liveness = read_liveness(*node, settings.liveness);
  const auto node = file.find("kernel");
  return node ? read_kernel(*node, settings) : settings;
}

bool is_kernel(const YamlNode& sas) { return sas.is_scalar() && sas.scalar() == "kernel"; }

/// `own`: addresses that the card answers for.
std::vector<SaParameters> read_sas(const YamlNode& node, std::size_t capacity, std::span<const IpAddress> own,
                                   const PeerDefaults& defaults, NextField next) {
  if (!node.is_sequence()) refuse(node, "sas: expected a list of SAs, or kernel");
  if (const std::size_t count = node.size(); count > capacity) {
    refuse(node, fmt::format("sas: {} SAs, more than the {} that the card holds", count, capacity));
  }
  std::vector<SaParameters> result;
  std::unordered_map<std::uint32_t, int> lines;  // of the inbound SPIs
  std::unordered_map<std::string, int> lines_of_names;
  for (const auto& item : node) {
    result.push_back(read_sa(item, defaults, next));
    if (std::ranges::find(own, result.back().local) == own.end()) {
      refuse(item.find("local").value_or(item),
             fmt::format("local: {} is not one of the card's addresses, which are above",
                         result.back().local.to_string()));
    }
    const YamlNode spi = item.find("in").value_or(item).find("spi").value_or(item);
    const auto [earlier, is_new] = lines.emplace(result.back().in.spi, spi.line());
    if (!is_new)
      refuse(spi, fmt::format("in: spi {:#x} is that of the SA in line {}, too", earlier->first, earlier->second));
    const auto [namesake, is_first] = lines_of_names.emplace(result.back().name, item.line());
    if (!is_first) refuse(item, fmt::format("name: the SA in line {} is called so, too", namesake->second));
  }
  return result;
}

/// What is about ports, shares and limits.
void read_transport(const YamlMap& map, CardConfig& card) {
  if (const auto node = map.find("udp_port")) {
    card.udp_port =
        static_cast<std::uint16_t>(read_number(*node, "udp_port", 1, std::numeric_limits<std::uint16_t>::max()));
  }
  if (const auto node = map.find("tx_share")) {
    card.tx_share =
        static_cast<std::uint32_t>(read_number(*node, "tx_share", 0, std::numeric_limits<std::uint32_t>::max()));
    check(*node, validate(card));
  }
  if (const auto node = map.find("source_limit")) {
    card.source_limit = read_limit(*node, "source_limit", card.source_limit);
    check(*node, validate(card));
  }
  if (const auto node = map.find("echo_limit")) {
    card.limits[Cause::echo] = read_limit(*node, "echo_limit", card.limits[Cause::echo]);
    check(*node, validate(card));
  }
}

Config read_config(const YamlNode& root, std::size_t capacity, NextField next) {
  const YamlMap map(
      root, "file",
      {"local", "control_spi", "authoritative", "secret", "mac", "udp_port", "tx_share", "source_limit", "echo_limit",
       "reserved", "errors", "icmp_peers", "path", "liveness", "kernel", "reactions", "http", "sas", "device"});
  Config config;
  if (const auto node = map.find("device")) config.device = read_text(*node, "device");
  config.card.local = read_list(map.require("local"), "local", regs::kLocalAddresses, read_address);
  if (const auto node = map.find("control_spi")) config.card.control_spi = read_control_spi(*node);
  if (const auto node = map.find("authoritative")) config.card.authoritative = read_bool(*node, "authoritative");
  if (const auto node = map.find("secret"))
    config.secret = read_secret<DeviceSecret>(*node, "secret", kSecretBytes, kSecretBytes);
  if (const auto node = map.find("mac")) config.card.mac = read_macs(*node);
  read_transport(map, config.card);
  if (const auto node = map.find("reserved")) config.card.reserved = read_reserved(*node, config.card.control_spi);
  if (const auto node = map.find("errors")) config.errors.codes = read_error_codes(*node);
  if (const auto node = map.find("icmp_peers")) config.errors.icmp_peers = read_icmp_peers(*node);
  config.kernel = read_kernel_settings(map, config.card);
  if (const auto node = map.find("http")) config.http = read_http(*node);
  if (const auto node = map.find("reactions")) config.reactions = read_reactions(*node);
  const YamlNode sas = map.require("sas");
  config.sas_from_kernel = is_kernel(sas);
  if (!config.sas_from_kernel)
    config.sas = read_sas(sas, capacity, config.card.local, read_defaults(map, config.card), next);
  return config;
}

/// What the parser leaves on the stack would be copied into SAs, with the members that nobody sets.
YamlTree parse_yaml(std::string_view text) {
  const StackZeroiser stack;
  return YamlTree(text);
}

/// Zeroises text that has keys in it when it goes out of scope.
struct SecretText {
  std::string text;
  ~SecretText() { zeroise(std::as_writable_bytes(std::span(text))); }
};

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& name, std::size_t sa_capacity, NextField next) {
  const auto mistake = [&](int line, const std::string& what) {
    return failure(Errc::parse_error, fmt::format("{}:{}: {}", name, line, what));
  };
  if (const auto bad = find_bad_utf8(text)) {
    const auto line = 1 + std::ranges::count(text.substr(0, *bad), '\n');
    return mistake(static_cast<int>(line), "not UTF-8");
  }
  try {
    const StackZeroiser stack;
    const YamlTree tree = parse_yaml(text);
    return read_config(tree.root(), sa_capacity, next);
  } catch (const YamlMistake& error) {
    return mistake(error.line, error.what);
  }
}

Result<void> check_key_file(const std::filesystem::path& file) {
  using std::filesystem::perms;
  std::error_code error;
  const perms mode = std::filesystem::status(file, error).permissions();
  if (error || (mode & perms::others_all) == perms::none) return {};
  return failure(Errc::invalid_argument, fmt::format("{}: mode {:04o} lets others at its keys: chmod o-rwx",
                                                     file.string(), static_cast<unsigned>(mode & perms::mask)));
}

Result<Config> load_config(const std::filesystem::path& file, std::size_t sa_capacity, NextField next) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) return failure(Errc::not_found, file.string() + ": no such file");
  if (std::filesystem::is_directory(status)) return failure(Errc::io_error, file.string() + ": is a directory");
  std::ifstream stream(file, std::ios::binary);
  SecretText content{std::string(std::istreambuf_iterator<char>(stream), {})};
  if (!stream.good() && !stream.eof()) return failure(Errc::io_error, file.string() + ": cannot be read");
  return parse_config(content.text, file.string(), sa_capacity, next);
}

}  // namespace sapulse
