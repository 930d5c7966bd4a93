// SPDX-License-Identifier: Apache-2.0
#include "sapulse/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

#include "sapulse/secret.h"

namespace sapulse {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

IpAddress IpAddress::v4(std::uint32_t value) {
  IpAddress result;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), result.bytes_.begin());
  for (unsigned i = 0; i < 4; ++i) result.bytes_[12 + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  return result;
}

IpAddress IpAddress::from_bytes(std::span<const std::uint8_t, 16> bytes) {
  IpAddress result;
  std::copy(bytes.begin(), bytes.end(), result.bytes_.begin());
  return result;
}

Result<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  const bool has_nul = text.find('\0') != std::string_view::npos;  // inet_pton would stop there
  in_addr four{};
  IpAddress result;
  if (!has_nul && inet_pton(AF_INET, terminated.c_str(), &four) == 1) return v4(ntohl(four.s_addr));
  if (!has_nul && inet_pton(AF_INET6, terminated.c_str(), result.bytes_.data()) == 1) return result;
  return failure(Errc::parse_error, fmt::format("'{}' is not an IP address", text));
}

bool IpAddress::is_v4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes_.begin()); }

std::uint32_t IpAddress::v4_value() const {
  if (!is_v4()) return 0;
  std::uint32_t value = 0;
  for (unsigned i = 12; i < 16; ++i) value = value << 8 | bytes_[i];
  return value;
}

bool IpAddress::is_unspecified() const { return is_v4() ? v4_value() == 0 : *this == IpAddress(); }

bool IpAddress::is_loopback() const {
  if (is_v4()) return v4_value() >> 24 == 127;
  IpAddress one;
  one.bytes_[15] = 1;
  return *this == one;
}

bool IpAddress::is_multicast() const { return is_v4() ? v4_value() >> 28 == 0xe : bytes_[0] == 0xff; }

bool IpAddress::is_broadcast() const { return is_v4() && v4_value() == 0xffffffff; }

bool IpAddress::is_this_network() const { return is_v4() && v4_value() >> 24 == 0; }

bool IpAddress::is_unicast() const {
  return !is_unspecified() && !is_loopback() && !is_multicast() && !is_broadcast() && !is_this_network();
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool four = is_v4();
  inet_ntop(four ? AF_INET : AF_INET6, bytes_.data() + (four ? 12 : 0), text.data(), text.size());
  return text.data();
}

Result<MacAddress> MacAddress::parse(std::string_view text) {
  Bytes bytes{};
  bool good = text.size() == 17;
  for (std::size_t i = 0; good && i < bytes.size(); ++i) {
    good = decode_hex(text.substr(3 * i, 2), std::span(bytes).subspan(i, 1)) && (i == 5 || text[3 * i + 2] == ':');
  }
  if (!good) return failure(Errc::parse_error, fmt::format("'{}' is not a MAC address", text));
  return MacAddress(bytes);
}

std::string MacAddress::to_string() const { return fmt::format("{:02x}", fmt::join(bytes_, ":")); }

}  // namespace sapulse
