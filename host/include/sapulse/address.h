// SPDX-License-Identifier: Apache-2.0
// IP and MAC addresses.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sapulse/error.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// An IPv4 or IPv6 address, kept as 16 bytes in wire order; IPv4 as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
class IpAddress {
 public:
  using Bytes = std::array<std::uint8_t, 16>;

  /// The unspecified IPv6 address.
  IpAddress() = default;

  /// `value` in host byte order: 192.0.2.1 is 0xc0000201.
  static IpAddress v4(std::uint32_t value);
  /// 16 bytes in wire order.
  static IpAddress from_bytes(std::span<const std::uint8_t, 16> bytes);
  /// Dotted quad or RFC 4291 text. Errors: parse_error.
  static Result<IpAddress> parse(std::string_view text);

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] bool is_v4() const;
  /// IPv4 in host byte order; 0 for IPv6.
  [[nodiscard]] std::uint32_t v4_value() const;

  [[nodiscard]] bool is_unspecified() const;
  [[nodiscard]] bool is_loopback() const;
  /// 224.0.0.0/4 or ff00::/8.
  [[nodiscard]] bool is_multicast() const;
  /// 255.255.255.255. Directed broadcasts cannot be told without the prefix.
  [[nodiscard]] bool is_broadcast() const;
  /// 0.0.0.0/8, which stands for hosts that do not know their address (RFC 1122 section 3.2.1.3).
  [[nodiscard]] bool is_this_network() const;
  /// One host: none of the above.
  [[nodiscard]] bool is_unicast() const;

  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  Bytes bytes_{};
};

/// An Ethernet address, wire order.
class MacAddress {
 public:
  using Bytes = std::array<std::uint8_t, 6>;

  MacAddress() = default;
  explicit MacAddress(const Bytes& bytes) : bytes_(bytes) {}
  /// Six pairs of hex digits with colons. Errors: parse_error.
  static Result<MacAddress> parse(std::string_view text);

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  /// Multicast or broadcast.
  [[nodiscard]] bool is_group() const { return (bytes_[0] & 1U) != 0; }
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const MacAddress&, const MacAddress&) = default;

 private:
  Bytes bytes_{};
};

}  // namespace sapulse
#pragma GCC visibility pop
