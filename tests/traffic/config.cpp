// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "crypto.h"

namespace sapulse::traffic {

namespace {

constexpr std::array<const char*, 6> kActionNames = {"pass", "drop", "control", "echo", "echo-reply", "host"};

Direction load_direction(const YAML::Node& node) {
  Direction direction;
  direction.spi = node["spi"].as<std::uint32_t>();
  direction.key = from_hex(node["key"].as<std::string>());
  direction.salt = from_hex(node["salt"].as<std::string>());
  if (node["next"]) direction.next = node["next"].as<std::uint64_t>();
  return direction;
}

Association load_association(const YAML::Node& node) {
  Association sa;
  if (node["name"]) sa.name = node["name"].as<std::string>();
  sa.local = parse_address(node["local"].as<std::string>());
  sa.peer = parse_address(node["peer"].as<std::string>());
  sa.in = load_direction(node["in"]);
  sa.out = load_direction(node["out"]);
  if (node["plain_salt"]) sa.plain_salt = node["plain_salt"].as<bool>();
  return sa;
}

std::string mac_text(const Mac& mac) { return fmt::format("{:02x}", fmt::join(mac, ":")); }

std::string direction_text(const Direction& direction, bool outbound) {
  const std::string next = outbound ? fmt::format(", next: {}", direction.next) : "";
  return fmt::format("{{ spi: {:#010x}, key: \"{}\", salt: \"{}\"{} }}", direction.spi, to_hex(direction.key),
                     to_hex(direction.salt), next);
}

}  // namespace

std::string to_string(Action action) { return kActionNames.at(static_cast<std::size_t>(action)); }

Action parse_action(const std::string& text) {
  const auto* const found = std::ranges::find(kActionNames, text);
  if (found == kActionNames.end()) throw std::invalid_argument("unknown action " + text);
  return static_cast<Action>(found - kActionNames.begin());
}

Bytes Association::control_salt(const Direction& direction) const {
  Bytes salt = direction.salt;
  if (!plain_salt) std::ranges::transform(salt, salt.begin(), [](std::uint8_t byte) { return ~byte; });
  return salt;
}

Action Config::action(std::uint32_t spi) const {
  if (const auto other = reserved.find(spi); other != reserved.end()) return other->second;
  if (spi == control_spi) return Action::control;
  if (spi == 7) return Action::echo;
  if (spi == 8) return Action::echo_reply;
  return Action::pass;
}

bool Config::is_local(const Address& address) const { return std::ranges::find(local, address) != local.end(); }

Config load_config(const std::filesystem::path& file) {
  try {
    const YAML::Node node = YAML::LoadFile(file.string());
    Config config;
    for (const YAML::Node& address : node["local"]) config.local.push_back(parse_address(address.as<std::string>()));
    if (node["control_spi"]) config.control_spi = node["control_spi"].as<unsigned>();
    if (node["authoritative"]) config.authoritative = node["authoritative"].as<bool>();
    if (node["secret"]) config.secret = from_hex(node["secret"].as<std::string>());
    if (node["mac"]) config.mac = parse_mac(node["mac"].as<std::string>());
    for (const auto& entry : node["reserved"]) {
      config.reserved[entry.first.as<unsigned>()] = parse_action(entry.second.as<std::string>());
    }
    for (const YAML::Node& sa : node["sas"]) config.sas.push_back(load_association(sa));
    return config;
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

std::string to_yaml(const Config& config) {
  std::string text = "# SPDX-License-Identifier: Apache-2.0\n";
  text += "local: [";
  for (std::size_t i = 0; i < config.local.size(); ++i) {
    text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", to_string(config.local[i]));
  }
  text += fmt::format("]\ncontrol_spi: {}\nauthoritative: {}\n", config.control_spi, config.authoritative);
  if (config.secret) text += fmt::format("secret: \"{}\"\n", to_hex(*config.secret));
  if (config.mac) text += fmt::format("mac: \"{}\"\n", mac_text(*config.mac));
  if (!config.reserved.empty()) {
    std::vector<std::string> entries;
    for (const auto& [spi, action] : config.reserved) entries.push_back(fmt::format("{}: {}", spi, to_string(action)));
    text += fmt::format("reserved: {{ {} }}\n", fmt::join(entries, ", "));
  }
  text += config.sas.empty() ? "sas: []\n" : "sas:\n";
  for (const Association& sa : config.sas) {
    text += fmt::format("  - name: {}\n    local: \"{}\"\n    peer: \"{}\"\n", sa.name, to_string(sa.local),
                        to_string(sa.peer));
    text += fmt::format("    in:  {}\n    out: {}\n", direction_text(sa.in, false), direction_text(sa.out, true));
    text += fmt::format("    plain_salt: {}\n", sa.plain_salt);
  }
  return text;
}

void save_config(const std::filesystem::path& file, const Config& config) {
  std::ofstream out(file);
  out << to_yaml(config);
  out.close();
  if (!out) throw std::runtime_error(file.string() + ": cannot be written");
}

Bytes crash_token(View secret, std::uint32_t spi, const Address& own, const Address& peer) {
  Bytes message;
  put32(message, spi);
  put(message, own);
  put(message, peer);
  return cmac(secret, message);
}

}  // namespace sapulse::traffic
