// SPDX-License-Identifier: Apache-2.0
#include "config_peer.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "yaml_reader.h"

namespace sapulse {
namespace {

template <class Number>
void read_if(const YamlMap& map, std::string_view field, std::uint64_t least, std::uint64_t most, Number& target) {
  if (const auto node = map.find(field))
    target = static_cast<Number>(read_number(*node, std::string(field), least, most));
}

/// "100", or TPID and TCI as one number of 32 bits.
VlanTag read_vlan(const YamlNode& node) {
  constexpr std::uint64_t kMostTci = 0xffff;
  const std::uint64_t value = read_number(node, "vlan", 0, 0xffffffff);
  VlanTag tag{.tpid = wire::tpid_customer, .tci = static_cast<std::uint16_t>(value & kMostTci)};
  if (value > kMostTci) tag.tpid = static_cast<std::uint16_t>(value >> 16);
  if (tag.tpid != wire::tpid_customer && tag.tpid != wire::tpid_service) {
    refuse(node, "vlan: the TPID must be 0x8100 or 0x88a8");
  }
  return tag;
}

std::vector<VlanTag> read_vlans(const YamlNode& node) {
  if (node.is_scalar()) return {read_vlan(node)};
  if (!node.is_sequence() || node.size() > wire::vlan_tags_max)
    refuse(node, "vlan: expected a number or a list of up to 2");
  std::vector<VlanTag> tags;
  for (const auto& item : node) tags.push_back(read_vlan(item));
  return tags;
}

Encapsulation read_encapsulation(const YamlNode& node) {
  const std::string_view text = node.scalar();
  if (text == "esp") return Encapsulation::esp;
  if (text == "udp") return Encapsulation::udp;
  if (text == "ah") return Encapsulation::ah;
  refuse(node, "encapsulation: must be esp, udp or ah");
}

ProbeMode read_mode(const YamlNode& node) {
  const std::string_view text = node.scalar();
  if (text == name(ProbeMode::card)) return ProbeMode::card;
  if (text == name(ProbeMode::host)) return ProbeMode::host;
  refuse(node, "mode: must be card or host");
}

bool is_off(const YamlNode& node) { return node.is_scalar() && node.scalar() == "off"; }

}  // namespace

RateLimit read_limit(const YamlNode& node, const std::string& what, const RateLimit& defaults) {
  const YamlMap map(node, what, {"interval", "burst"});
  RateLimit limit = defaults;
  if (const auto interval = map.find("interval")) limit.interval = read_duration(*interval, what + ": interval");
  if (const auto burst = map.find("burst")) {
    limit.burst =
        static_cast<std::uint32_t>(read_number(*burst, what + ": burst", 1, std::numeric_limits<std::uint32_t>::max()));
  }
  return limit;
}

void check(const YamlNode& node, const Result<void>& valid) {
  if (!valid) refuse(node, valid.error().message);
}

IpAddress read_address(const YamlNode& node, const std::string& what) {
  const auto address = IpAddress::parse(node.scalar());
  if (!address) refuse(node, what + ": not an IP address");
  if (!address->is_unicast()) refuse(node, what + ": not the address of one host");
  return *address;
}

MacAddress read_mac(const YamlNode& node, const std::string& what) {
  const auto mac = MacAddress::parse(node.scalar());
  if (!mac || mac->is_group()) refuse(node, what + ": not the Ethernet address of one host");
  return *mac;
}

Path read_path(const YamlNode& node, const Path& defaults) {
  constexpr unsigned kMostPort = 65535;
  constexpr unsigned kMostDscp = 63;
  const YamlMap map(node, "path",
                    {"mac", "peer_mac", "vlan", "encapsulation", "own_port", "peer_port", "control_spi", "dscp"});
  Path path = defaults;
  if (const auto mac = map.find("mac")) path.own_mac = read_mac(*mac, "mac");
  if (const auto mac = map.find("peer_mac")) path.peer_mac = read_mac(*mac, "peer_mac");
  if (const auto vlan = map.find("vlan")) path.tags = read_vlans(*vlan);
  if (const auto kind = map.find("encapsulation")) path.encapsulation = read_encapsulation(*kind);
  if (const auto port = map.find("own_port")) {
    read_if(map, "own_port", 1, kMostPort, path.own_port);
    if (path.own_port != defaults.own_port) {
      refuse(*port, fmt::format("own_port: answers to it would pass, since udp_port is {}", defaults.own_port));
    }
  }
  read_if(map, "peer_port", 1, kMostPort, path.peer_port);
  read_if(map, "control_spi", 3, wire::spi_reserved_max, path.control_spi);
  read_if(map, "dscp", 0, kMostDscp, path.dscp);
  return path;
}

LivenessSettings read_liveness(const YamlNode& node, const LivenessSettings& defaults) {
  constexpr unsigned kMost = 1U << 16;  // validate() knows the limits
  const YamlMap map(node, "liveness", {"mode", "interval", "multiplier", "suspect", "jitter", "size", "data_alive"});
  LivenessSettings settings = defaults;
  if (const auto mode = map.find("mode")) settings.mode = read_mode(*mode);
  if (const auto interval = map.find("interval")) settings.interval = read_duration(*interval, "interval");
  read_if(map, "multiplier", 1, kMost, settings.multiplier);
  if (const auto suspect = map.find("suspect")) {
    settings.suspect = static_cast<unsigned>(read_number(*suspect, "suspect", 0, kMost));
  }
  read_if(map, "jitter", 0, kMost, settings.jitter_percent);
  read_if(map, "size", 0, kMost, settings.data_bytes);
  if (const auto alive = map.find("data_alive")) settings.data_alive = read_bool(*alive, "data_alive");
  check(node, validate(settings));
  return settings;
}

void read_peer(const std::optional<YamlNode>& path, const std::optional<YamlNode>& liveness,
               const PeerDefaults& defaults, SaParameters& sa) {
  const Path wanted = path ? read_path(*path, defaults.path) : defaults.path;
  const bool complete = wanted.own_mac != MacAddress() && wanted.peer_mac != MacAddress();
  if (path && !complete) refuse(*path, "path: mac and peer_mac must be given here or as defaults");
  if (path) check(*path, validate(wanted));
  if (complete) sa.path = wanted;
  sa.unwatched = liveness && is_off(*liveness);
  if (sa.unwatched) return;
  if (liveness && !complete) refuse(*liveness, "liveness: needs a path");
  if (liveness) sa.liveness = read_liveness(*liveness, defaults.liveness.value_or(LivenessSettings()));
  if (!liveness && complete) sa.liveness = defaults.liveness;
}

ErrorCodes read_error_codes(const YamlNode& node) {
  ErrorCodes codes;
  std::set<std::uint64_t> seen;  // 1 and 0x1 are one code
  for_each_entry(node, "errors", [&](const YamlNode& key, const YamlNode& value) {
    const auto code = read_number(key, "errors: code", wire::error_unknown_spi, wire::error_unsupported);
    if (!seen.insert(code).second) refuse(key, fmt::format("errors: code {} twice", code));
    codes.set(static_cast<std::uint8_t>(code), read_bool(value, fmt::format("errors: {}", code)));
  });
  return codes;
}

std::vector<IpAddress> read_icmp_peers(const YamlNode& node) {
  if (!node.is_sequence()) refuse(node, "icmp_peers: expected a list of addresses");
  std::vector<IpAddress> peers;
  for (const auto& item : node) {
    peers.push_back(read_address(item, "icmp_peers"));
    if (!peers.back().is_v4()) refuse(item, "icmp_peers: ICMP security failures exist for IPv4 only");
  }
  return peers;
}

}  // namespace sapulse
