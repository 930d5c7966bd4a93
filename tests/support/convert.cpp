// SPDX-License-Identifier: Apache-2.0
#include "convert.h"

#include <algorithm>
#include <cctype>
#include <span>
#include <string_view>

namespace sapulse::test {
namespace {

IpAddress address(const traffic::Address& from) { return must(IpAddress::parse(traffic::to_string(from)), "address"); }

SaDirection direction(const traffic::Direction& from) {
  return {.spi = from.spi, .key = Key(from.key), .salt = Salt(from.salt), .integrity = Key(from.integrity)};
}

std::string upper(std::string_view name) {
  std::string text(name);
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

}  // namespace

std::vector<std::byte> to_frame(const traffic::Bytes& bytes) {
  const auto view = std::as_bytes(std::span(bytes));
  return {view.begin(), view.end()};
}

traffic::Bytes to_bytes(const std::vector<std::byte>& frame) {
  traffic::Bytes bytes(frame.size());
  std::ranges::transform(frame, bytes.begin(), [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  return bytes;
}

SaParameters parameters(const traffic::Association& sa) {
  SaParameters result;
  result.name = sa.name;
  result.local = address(sa.local);
  result.peer = address(sa.peer);
  result.in = direction(sa.in);
  result.out = direction(sa.out);
  result.next = sa.out.next;
  result.plain = sa.plain;
  return result;
}

traffic::Counters named(const Counters& counters) {
  traffic::Counters result;
  for (std::size_t i = 0; i < Counters::size(); ++i) {
    const std::string_view name = Counters::name(i);
    result[upper(name)] = counters.find(name).value_or(0);
  }
  return result;
}

}  // namespace sapulse::test
