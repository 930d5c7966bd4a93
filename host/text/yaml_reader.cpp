// SPDX-License-Identifier: Apache-2.0
#include "yaml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <unordered_set>

#include "duration.h"

namespace sapulse {
namespace {

constexpr std::size_t kLongestFieldName = 24;

/// The name of an unknown field, unless it could be a key in the wrong place.
std::string printable_field(const YAML::Node& key) {
  if (!key.IsScalar()) return "unknown field";
  const std::string& name = key.Scalar();
  const bool word = !name.empty() && name.size() <= kLongestFieldName &&
                    std::ranges::all_of(name, [](unsigned char c) { return std::isalpha(c) || c == '_'; });
  return word ? fmt::format("unknown field '{}'", name) : "unknown field";
}

}  // namespace

int line_of(const YAML::Node& node) { return std::max(node.Mark().line, 0) + 1; }

void refuse(const YAML::Node& node, std::string what) { throw YamlMistake{line_of(node), std::move(what)}; }

void for_each_entry(const YAML::Node& node, const std::string& what,
                    const std::function<void(const YAML::Node& key, const YAML::Node& value)>& entry) {
  if (!node.IsMap()) refuse(node, what + ": expected a map of fields");
  for (const auto& pair : node) entry(pair.first, pair.second);
}

YamlMap::YamlMap(const YAML::Node& node, std::string what, std::initializer_list<std::string_view> known)
    : node_(node), what_(std::move(what)) {
  std::unordered_set<std::string> seen;
  for_each_entry(node, what_, [&](const YAML::Node& key, const YAML::Node&) {
    if (!key.IsScalar() || std::ranges::find(known, key.Scalar()) == known.end()) {
      refuse(key, fmt::format("{}: {}", what_, printable_field(key)));
    }
    if (!seen.insert(key.Scalar()).second) refuse(key, fmt::format("{}: field '{}' twice", what_, key.Scalar()));
  });
}

std::optional<YAML::Node> YamlMap::find(std::string_view field) const {
  for (const auto& pair : node_) {
    if (pair.first.Scalar() == field) return pair.second;
  }
  return std::nullopt;
}

YAML::Node YamlMap::require(std::string_view field) const {
  auto found = find(field);
  if (!found) refuse(node_, fmt::format("{}: missing field '{}'", what_, field));
  return *found;
}

std::string read_text(const YAML::Node& node, const std::string& what) {
  if (!node.IsScalar() || node.Scalar().empty()) refuse(node, what + ": expected text");
  return node.Scalar();
}

std::uint64_t read_number(const YAML::Node& node, const std::string& what, std::uint64_t least, std::uint64_t most) {
  std::string_view text = node.IsScalar() ? std::string_view(node.Scalar()) : std::string_view();
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error == std::errc::invalid_argument || end != text.data() + text.size())
    refuse(node, what + ": expected a number");
  if (error != std::errc() || value < least || value > most) {
    refuse(node, fmt::format("{}: out of range, must be {}..{}", what, least, most));
  }
  return value;
}

bool read_bool(const YAML::Node& node, const std::string& what) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  if (text != "true" && text != "false") refuse(node, what + ": expected true or false");
  return text == "true";
}

std::chrono::nanoseconds read_duration(const YAML::Node& node, const std::string& what) {
  const auto duration = parse_duration(node.IsScalar() ? node.Scalar() : "");
  if (!duration) refuse(node, fmt::format("{}: {}", what, duration.error().message));
  return *duration;
}

void check_hex(const YAML::Node& node, const std::string& what, std::string_view hex, std::size_t least,
               std::size_t most) {
  if (!std::ranges::all_of(hex, [](unsigned char c) { return std::isxdigit(c); }))
    refuse(node, what + ": not hexadecimal");
  if (hex.size() % 2 == 0 && hex.size() / 2 >= least && hex.size() / 2 <= most) return;
  const std::string lengths = least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most);
  refuse(node, fmt::format("{}: {} hex digits, must be {} bytes of 2 digits", what, hex.size(), lengths));
}

}  // namespace sapulse
