// SPDX-License-Identifier: Apache-2.0
// Typed access to YAML with the line of every mistake.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "yaml_tree.h"

namespace sapulse {

[[noreturn]] void refuse(const YamlNode& node, std::string what);

/// A map whose fields are all known and named once; throws YamlMistake otherwise.
class YamlMap {
 public:
  /// `what` stands for the map in messages, for instance "sas entry".
  YamlMap(const YamlNode& node, std::string what, std::initializer_list<std::string_view> known);

  [[nodiscard]] YamlNode require(std::string_view field) const;
  [[nodiscard]] std::optional<YamlNode> find(std::string_view field) const;
  [[nodiscard]] const YamlNode& node() const { return node_; }

 private:
  YamlNode node_;
  std::string what_;
};

/// Calls `entry` for the keys and values of a map; throws YamlMistake if it is none.
void for_each_entry(const YamlNode& node, const std::string& what,
                    const std::function<void(const YamlNode& key, const YamlNode& value)>& entry);

/// Scalars. `what` names the field in messages. They throw YamlMistake.
std::string read_text(const YamlNode& node, const std::string& what);
/// Decimal, or hexadecimal with 0x.
std::uint64_t read_number(const YamlNode& node, const std::string& what, std::uint64_t least, std::uint64_t most);
bool read_bool(const YamlNode& node, const std::string& what);
/// A time with its unit, as parse_duration() takes it.
std::chrono::nanoseconds read_duration(const YamlNode& node, const std::string& what);

/// Throws YamlMistake unless `hex` has hex digits only, two for each of `least` to `most` bytes.
void check_hex(const YamlNode& node, const std::string& what, std::string_view hex, std::size_t least,
               std::size_t most);

}  // namespace sapulse
