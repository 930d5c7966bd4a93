// SPDX-License-Identifier: Apache-2.0
// Typed access to YAML with the line of every mistake.
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace sapulse {

/// A mistake in a file; never leaves the library. The text says what, and never repeats a value, which could be a key.
struct YamlMistake {
  int line;  ///< 1-based
  std::string what;
};

/// Line of a node, 1-based.
int line_of(const YAML::Node& node);

[[noreturn]] void refuse(const YAML::Node& node, std::string what);

/// A map whose fields are all known and named once; throws YamlMistake otherwise.
class YamlMap {
 public:
  /// `what` stands for the map in messages, for instance "sas entry".
  YamlMap(const YAML::Node& node, std::string what, std::initializer_list<std::string_view> known);

  [[nodiscard]] YAML::Node require(std::string_view field) const;
  [[nodiscard]] std::optional<YAML::Node> find(std::string_view field) const;
  [[nodiscard]] const YAML::Node& node() const { return node_; }

 private:
  YAML::Node node_;
  std::string what_;
};

/// Calls `entry` for the keys and values of a map; throws YamlMistake if it is none.
void for_each_entry(const YAML::Node& node, const std::string& what,
                    const std::function<void(const YAML::Node& key, const YAML::Node& value)>& entry);

/// Scalars. `what` names the field in messages. They throw YamlMistake.
std::string read_text(const YAML::Node& node, const std::string& what);
/// Decimal, or hexadecimal with 0x.
std::uint64_t read_number(const YAML::Node& node, const std::string& what, std::uint64_t least, std::uint64_t most);
bool read_bool(const YAML::Node& node, const std::string& what);
/// A time with its unit, as parse_duration() takes it.
std::chrono::nanoseconds read_duration(const YAML::Node& node, const std::string& what);

/// Throws YamlMistake unless `hex` has hex digits only, two for each of `least` to `most` bytes.
void check_hex(const YAML::Node& node, const std::string& what, std::string_view hex, std::size_t least,
               std::size_t most);

}  // namespace sapulse
