// SPDX-License-Identifier: Apache-2.0
#include "platform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace sapulse {
namespace {

/// XRT writes UUIDs with and without hyphens.
std::string digits_of(std::string_view uuid) {
  std::string digits;
  for (const unsigned char c : uuid) {
    if (c != '-') digits.push_back(static_cast<char>(std::tolower(c)));
  }
  return digits;
}

}  // namespace

std::string find_interface_uuid(std::string_view partition_metadata) {
  constexpr std::string_view kField = "\"interface_uuid\"";
  const auto field = partition_metadata.find(kField);
  if (field == std::string_view::npos) return {};
  const auto open = partition_metadata.find('"', field + kField.size());
  const auto close = open == std::string_view::npos ? open : partition_metadata.find('"', open + 1);
  if (close == std::string_view::npos) return {};
  return std::string(partition_metadata.substr(open + 1, close - open - 1));
}

std::optional<std::string> explain_platforms(const XrtPlatform& of_card, const std::string& card,
                                             const XrtPlatform& of_file, const std::string& file) {
  if (of_card.uuid.empty() || of_file.uuid.empty() || digits_of(of_card.uuid) == digits_of(of_file.uuid)) {
    return std::nullopt;
  }
  return fmt::format(
      "{}: built for platform {} (interface {}), but {} has {} (interface {}): `xclbinutil --info --input {}` and "
      "`xbutil examine --device --report platform` show them",
      file, of_file.name, of_file.uuid, card, of_card.name, of_card.uuid, file);
}

}  // namespace sapulse
