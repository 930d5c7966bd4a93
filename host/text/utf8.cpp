// SPDX-License-Identifier: Apache-2.0
#include "utf8.h"

#include <cstdint>

namespace sapulse {
namespace {

/// Bytes of the code point that begins a text, and its value; no bytes if it is none.
struct CodePoint {
  std::size_t bytes = 0;
  std::uint32_t value = 0;
};

CodePoint first_code_point(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text.front());
  if (first < 0x80) return {.bytes = 1, .value = first};
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return {};
  CodePoint point{.bytes = bytes, .value = first & (0x7fU >> bytes)};
  for (const char c : text.substr(1, bytes - 1)) {
    const auto next = static_cast<std::uint8_t>(c);
    if ((next & 0xc0) != 0x80) return {};
    point.value = point.value << 6 | (next & 0x3fU);
  }
  return point;
}

/// Written with no more bytes than it needs, and no half of a UTF-16 pair.
bool is_good(const CodePoint& point) {
  if (point.bytes == 0 || point.value > 0x10ffff) return false;
  if (point.bytes == 3) return point.value >= 0x800 && (point.value < 0xd800 || point.value > 0xdfff);
  return point.bytes < 4 || point.value >= 0x10000;
}

}  // namespace

std::optional<std::size_t> find_bad_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = first_code_point(text.substr(at));
    if (!is_good(point)) return at;
    at += point.bytes;
  }
  return std::nullopt;
}

}  // namespace sapulse
