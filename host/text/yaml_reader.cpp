// SPDX-License-Identifier: Apache-2.0
#include "yaml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include "duration.h"

namespace sapulse {
namespace {

constexpr std::size_t kLongestFieldName = 24;

/// The name of an unknown field, unless it could be a key in the wrong place.
std::string printable_field(const YamlNode& key) {
  if (!key.is_scalar()) return "unknown field";
  const std::string_view name = key.scalar();
  const bool word = !name.empty() && name.size() <= kLongestFieldName &&
                    std::ranges::all_of(name, [](unsigned char c) { return std::isalpha(c) || c == '_'; });
  return word ? fmt::format("unknown field '{}'", name) : "unknown field";
}

}  // namespace

void refuse(const YamlNode& node, std::string what) { throw YamlMistake{node.line(), std::move(what)}; }

void for_each_entry(const YamlNode& node, const std::string& what,
                    const std::function<void(const YamlNode& key, const YamlNode& value)>& entry) {
  if (!node.is_map()) refuse(node, what + ": expected a map of fields");
  for (auto item = node.begin(); item != node.end(); ++item) {
    const YamlNode key = *item;
    entry(key, *++item);
  }
}

YamlMap::YamlMap(const YamlNode& node, std::string what, std::initializer_list<std::string_view> known)
    : node_(node), what_(std::move(what)) {
  std::vector<std::string_view> seen;
  for_each_entry(node, what_, [&](const YamlNode& key, const YamlNode&) {
    if (!key.is_scalar() || std::ranges::find(known, key.scalar()) == known.end()) {
      refuse(key, fmt::format("{}: {}", what_, printable_field(key)));
    }
    if (std::ranges::find(seen, key.scalar()) != seen.end())
      refuse(key, fmt::format("{}: field '{}' twice", what_, key.scalar()));
    seen.push_back(key.scalar());
  });
}

std::optional<YamlNode> YamlMap::find(std::string_view field) const { return node_.find(field); }

YamlNode YamlMap::require(std::string_view field) const {
  auto found = find(field);
  if (!found) refuse(node_, fmt::format("{}: missing field '{}'", what_, field));
  return *found;
}

std::string read_text(const YamlNode& node, const std::string& what) {
  if (!node.is_scalar() || node.scalar().empty()) refuse(node, what + ": expected text");
  return std::string(node.scalar());
}

std::uint64_t read_number(const YamlNode& node, const std::string& what, std::uint64_t least, std::uint64_t most) {
  std::string_view text = node.scalar();
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

bool read_bool(const YamlNode& node, const std::string& what) {
  const std::string_view text = node.scalar();
  if (text != "true" && text != "false") refuse(node, what + ": expected true or false");
  return text == "true";
}

std::chrono::nanoseconds read_duration(const YamlNode& node, const std::string& what) {
  const auto duration = parse_duration(node.scalar());
  if (!duration) refuse(node, fmt::format("{}: {}", what, duration.error().message));
  return *duration;
}

void check_hex(const YamlNode& node, const std::string& what, std::string_view hex, std::size_t least,
               std::size_t most) {
  if (!std::ranges::all_of(hex, [](unsigned char c) { return std::isxdigit(c); }))
    refuse(node, what + ": not hexadecimal");
  if (hex.size() % 2 == 0 && hex.size() / 2 >= least && hex.size() / 2 <= most) return;
  const std::string lengths = least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most);
  refuse(node, fmt::format("{}: {} hex digits, must be {} bytes of 2 digits", what, hex.size(), lengths));
}

}  // namespace sapulse
