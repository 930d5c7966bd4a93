// SPDX-License-Identifier: Apache-2.0
#include "config_reactions.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "config_peer.h"
#include "yaml_reader.h"

namespace sapulse {
namespace {

constexpr std::chrono::milliseconds kLeastTimeout(10);
constexpr std::chrono::minutes kMostTimeout(5);
constexpr std::uint32_t kMostBurst = 65535;  // of a day each still fit into 64 bits of nanoseconds

Liveness read_state(const YamlNode& node) {
  std::string names;
  for (std::size_t i = 0; i < kLivenessCount; ++i) {
    const auto state = static_cast<Liveness>(i);
    if (node.is_scalar() && node.scalar() == name(state)) return state;
    names += (names.empty() ? "" : ", ") + std::string(name(state));
  }
  refuse(node, "states: must be of " + names);
}

std::vector<Liveness> read_states(const YamlNode& node) {
  if (node.is_scalar()) return {read_state(node)};
  if (!node.is_sequence() || node.size() == 0) refuse(node, "states: expected a state or a list of them");
  std::vector<Liveness> states;
  for (const auto& item : node) {
    const Liveness state = read_state(item);
    if (std::ranges::find(states, state) != states.end()) refuse(item, "states: named twice");
    states.push_back(state);
  }
  return states;
}

ProgramAction read_program(const YamlNode& node) {
  ProgramAction action;
  if (node.is_scalar()) {
    action.command = {read_text(node, "program")};
  } else {
    if (!node.is_sequence() || node.size() == 0)
      refuse(node, "program: expected a path, or a list of it and arguments");
    for (const auto& item : node) {
      if (!item.is_scalar()) refuse(item, "program: expected text");
      action.command.emplace_back(item.scalar());
    }
  }
  if (!action.command.front().starts_with('/')) refuse(node, "program: its path must begin with /");
  return action;
}

UrlAction read_url(const YamlNode& node) {
  UrlAction action{read_text(node, "url")};
  if (!action.url.starts_with("http://") && !action.url.starts_with("https://")) {
    refuse(node, "url: must begin with http:// or https://");
  }
  return action;
}

ViciAction read_vici(const YamlNode& node) {
  ViciAction action{read_text(node, "vici")};
  if (!action.socket.starts_with('/')) refuse(node, "vici: the path of charon's socket must begin with /");
  return action;
}

/// Those that charon can do something about; they need not be named.
std::vector<Liveness> read_deaths(const std::optional<YamlNode>& node) {
  if (!node) return {Liveness::down, Liveness::lost};
  std::vector<Liveness> states = read_states(*node);
  for (const Liveness state : states) {
    if (state != Liveness::down && state != Liveness::lost) refuse(*node, "states: vici is for down and lost");
  }
  return states;
}

std::chrono::nanoseconds read_timeout(const YamlNode& node) {
  const auto timeout = read_duration(node, "timeout");
  if (timeout < kLeastTimeout || timeout > kMostTimeout) refuse(node, "timeout: must be from 10ms to 5min");
  return timeout;
}

RateLimit read_bounded_limit(const YamlNode& node, const std::string& what, const RateLimit& defaults) {
  const RateLimit limit = read_limit(node, what, defaults);
  if (limit.burst > kMostBurst) refuse(node, fmt::format("{}: burst: must be at most {}", what, kMostBurst));
  return limit;
}

ReactionSettings read_reaction(const YamlNode& node) {
  const YamlMap map(node, "reaction", {"sas", "states", "program", "url", "vici", "timeout", "limit", "sa_limit"});
  ReactionSettings settings;
  if (const auto sas = map.find("sas")) settings.trigger.sas = read_text(*sas, "sas");
  const auto program = map.find("program");
  const auto url = map.find("url");
  const auto vici = map.find("vici");
  if (program.has_value() + url.has_value() + vici.has_value() != 1) {
    refuse(node, "reaction: expected one of program, url and vici");
  }
  settings.trigger.states = vici ? read_deaths(map.find("states")) : read_states(map.require("states"));
  if (program) settings.action = read_program(*program);
  if (url) settings.action = read_url(*url);
  if (vici) {
    settings.action = read_vici(*vici);
    settings.limit.burst = kMostBurst;  // one question to charon is for all that have died
  }
  if (const auto timeout = map.find("timeout")) settings.timeout = read_timeout(*timeout);
  if (const auto limit = map.find("limit")) settings.limit = read_bounded_limit(*limit, "limit", settings.limit);
  if (const auto limit = map.find("sa_limit")) {
    settings.sa_limit = read_bounded_limit(*limit, "sa_limit", settings.sa_limit);
  }
  return settings;
}

}  // namespace

std::vector<ReactionSettings> read_reactions(const YamlNode& node) {
  if (!node.is_sequence()) refuse(node, "reactions: expected a list");
  std::vector<ReactionSettings> all;
  for (const auto& item : node) all.push_back(read_reaction(item));
  return all;
}

}  // namespace sapulse
