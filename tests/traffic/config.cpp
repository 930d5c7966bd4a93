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

constexpr std::string_view kControlKeyLabel = "sapulse control 1";
constexpr std::size_t kSaltBytes = 4;
constexpr std::array<const char*, 6> kActionNames = {"pass", "drop", "control", "echo", "echo-reply", "host"};

Direction load_direction(const YAML::Node& node) {
  Direction direction;
  direction.spi = node["spi"].as<std::uint32_t>();
  direction.key = from_hex(node["key"].as<std::string>());
  if (node["salt"]) direction.salt = from_hex(node["salt"].as<std::string>());
  if (node["integrity"]) direction.integrity = from_hex(node["integrity"].as<std::string>());
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
  if (node["plain"]) sa.plain = node["plain"].as<bool>();
  return sa;
}

std::vector<Mac> load_macs(const YAML::Node& node) {
  if (node.IsScalar()) return {parse_mac(node.as<std::string>())};
  std::vector<Mac> macs;
  for (const YAML::Node& mac : node) macs.push_back(parse_mac(mac.as<std::string>()));
  return macs;
}

std::string mac_text(const Mac& mac) { return fmt::format("\"{:02x}\"", fmt::join(mac, ":")); }

std::string macs_text(const std::vector<Mac>& macs) {
  if (macs.size() == 1) return mac_text(macs.front());
  std::vector<std::string> texts;
  for (const Mac& mac : macs) texts.push_back(mac_text(mac));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string direction_text(const Direction& direction, bool outbound) {
  std::string text = fmt::format("{{ spi: {:#010x}, key: \"{}\"", direction.spi, to_hex(direction.key));
  if (!direction.salt.empty()) text += fmt::format(", salt: \"{}\"", to_hex(direction.salt));
  if (!direction.integrity.empty()) text += fmt::format(",\n      integrity: \"{}\"", to_hex(direction.integrity));
  if (outbound) text += fmt::format(", next: {}", direction.next);
  return text + " }";
}

}  // namespace

std::string to_string(Action action) { return kActionNames.at(static_cast<std::size_t>(action)); }

Action parse_action(const std::string& text) {
  const auto* const found = std::ranges::find(kActionNames, text);
  if (found == kActionNames.end()) throw std::invalid_argument("unknown action " + text);
  return static_cast<Action>(found - kActionNames.begin());
}

ControlKey Association::control_key(const Direction& direction) const {
  if (plain) return {.key = direction.key, .salt = direction.salt};
  Bytes material = direction.key;
  put(material, direction.salt);
  put(material, direction.integrity);
  Bytes info(kControlKeyLabel.begin(), kControlKeyLabel.end());
  put32(info, direction.spi);
  const std::size_t size = direction.key.size() >= 32 ? 32 : 16;
  Bytes derived = hkdf_sha256(material, info, size + kSaltBytes);
  const Bytes salt(derived.end() - kSaltBytes, derived.end());
  derived.resize(size);
  return {.key = derived, .salt = salt};
}

Action Config::action(std::uint32_t spi) const {
  if (const auto other = reserved.find(spi); other != reserved.end()) return other->second;
  if (spi == control_spi) return Action::control;
  if (spi == 7) return Action::echo;
  if (spi == 8) return Action::echo_reply;
  return Action::pass;
}

bool Config::is_local(const Address& address) const { return std::ranges::find(local, address) != local.end(); }
bool Config::is_own(const Mac& mac) const { return macs.empty() || std::ranges::find(macs, mac) != macs.end(); }

namespace {

Config config_of(const YAML::Node& node) {
  Config config;
  for (const YAML::Node& address : node["local"]) config.local.push_back(parse_address(address.as<std::string>()));
  if (node["control_spi"]) config.control_spi = node["control_spi"].as<unsigned>();
  if (node["authoritative"]) config.authoritative = node["authoritative"].as<bool>();
  if (node["secret"]) config.secret = from_hex(node["secret"].as<std::string>());
  if (node["udp_port"]) config.udp_port = node["udp_port"].as<unsigned>();
  if (node["mac"]) config.macs = load_macs(node["mac"]);
  for (const auto& entry : node["reserved"]) {
    config.reserved[entry.first.as<unsigned>()] = parse_action(entry.second.as<std::string>());
  }
  for (const YAML::Node& sa : node["sas"]) config.sas.push_back(load_association(sa));
  return config;
}

}  // namespace

Config load_config(const std::filesystem::path& file) {
  try {
    return config_of(YAML::LoadFile(file.string()));
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

Config from_yaml(const std::string& text) { return config_of(YAML::Load(text)); }

std::string to_yaml(const Config& config) {
  std::string text = "# SPDX-License-Identifier: Apache-2.0\n";
  text += "local: [";
  for (std::size_t i = 0; i < config.local.size(); ++i) {
    text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", to_string(config.local[i]));
  }
  text += fmt::format("]\ncontrol_spi: {}\nauthoritative: {}\n", config.control_spi, config.authoritative);
  if (config.secret) text += fmt::format("secret: \"{}\"\n", to_hex(*config.secret));
  if (config.udp_port != Config{}.udp_port) text += fmt::format("udp_port: {}\n", config.udp_port);
  if (!config.macs.empty()) text += fmt::format("mac: {}\n", macs_text(config.macs));
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
    if (sa.plain) text += "    plain: true\n";
  }
  return text;
}

void save_config(const std::filesystem::path& file, const Config& config) {
  std::ofstream out(file);
  out << to_yaml(config);
  out.close();
  if (!out) throw std::runtime_error(file.string() + ": cannot be written");
}

Bytes crash_token(View secret, std::uint32_t spi, View token_nonce) {
  Bytes message;
  put32(message, spi);
  put(message, token_nonce);
  return cmac(secret, message);
}

}  // namespace sapulse::traffic
