// SPDX-License-Identifier: Apache-2.0
#include "config_kernel.h"

#include <algorithm>
#include <limits>

#include "config_peer.h"
#include "yaml_reader.h"

namespace sapulse {
namespace {

constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
// The word for the network namespace that the process is in, as `ip netns` has no name for it.
constexpr const char* kOwnNamespace = "default";

/// One text or a list of different ones.
std::vector<std::string> read_texts(const YamlNode& node, const std::string& what) {
  if (node.is_scalar()) return {read_text(node, what)};
  if (!node.is_sequence() || node.size() == 0) refuse(node, what + ": expected text or a list of it");
  std::vector<std::string> texts;
  for (const auto& item : node) {
    texts.push_back(read_text(item, what));
    if (std::ranges::count(texts, texts.back()) > 1) refuse(item, what + ": named twice");
  }
  return texts;
}

std::vector<std::string> read_namespaces(const YamlNode& node) {
  auto names = read_texts(node, "netns");
  std::ranges::replace(names, kOwnNamespace, "");
  return names;
}

std::vector<std::string> read_vici(const YamlNode& node) {
  auto sockets = read_texts(node, "vici");
  if (sockets == std::vector<std::string>{"off"}) return {};
  return sockets;
}

IpPrefix read_prefix(const YamlNode& node, const std::string& what) {
  const auto prefix = IpPrefix::parse(node.scalar());
  if (!prefix) refuse(node, what + ": not an address or a prefix");
  return *prefix;
}

KernelSaUse read_use(const YamlNode& node) {
  const std::string_view text = node.scalar();
  if (text == "watch") return KernelSaUse::watch;
  if (text == "answer") return KernelSaUse::answer;
  if (text == "skip") return KernelSaUse::skip;
  refuse(node, "use: must be watch, answer or skip");
}

KernelSaRule read_rule(const YamlNode& node, const LivenessSettings& liveness) {
  const YamlMap map(node, "rule", {"name", "local", "peer", "reqid", "if_id", "use", "liveness"});
  KernelSaRule rule;
  rule.liveness = liveness;
  if (const auto name = map.find("name")) rule.name = read_text(*name, "name");
  if (const auto local = map.find("local")) rule.local = read_prefix(*local, "local");
  if (const auto peer = map.find("peer")) rule.peer = read_prefix(*peer, "peer");
  const auto read_id = [&](const char* field, std::optional<std::uint32_t>& target) {
    if (const auto id = map.find(field)) target = static_cast<std::uint32_t>(read_number(*id, field, 0, kMost32));
  };
  read_id("reqid", rule.reqid);
  read_id("if_id", rule.if_id);
  if (const auto use = map.find("use")) rule.use = read_use(*use);
  if (const auto settings = map.find("liveness")) {
    if (rule.use != KernelSaUse::watch) refuse(*settings, "liveness: only SAs of use watch are probed");
    rule.liveness = read_liveness(*settings, liveness);
  }
  return rule;
}

}  // namespace

KernelSaSettings read_kernel(const YamlNode& node, const KernelSaSettings& defaults) {
  const YamlMap map(node, "kernel", {"netns", "vici", "line", "settle", "rules"});
  KernelSaSettings settings = defaults;
  if (const auto names = map.find("netns")) settings.namespaces = read_namespaces(*names);
  if (const auto vici = map.find("vici")) settings.vici = read_vici(*vici);
  if (const auto line = map.find("line")) settings.line = read_text(*line, "line");
  if (const auto settle = map.find("settle")) settings.settle = read_duration(*settle, "settle");
  if (const auto rules = map.find("rules")) {
    if (!rules->is_sequence()) refuse(*rules, "rules: expected a list");
    for (const auto& rule : *rules) settings.rules.push_back(read_rule(rule, settings.liveness));
  }
  return settings;
}

}  // namespace sapulse
