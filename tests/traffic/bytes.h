// SPDX-License-Identifier: Apache-2.0
// Byte strings in network order: the small change of building and reading frames.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sapulse::traffic {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

/// IPv6 address, or an IPv4 address as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
using Address = std::array<std::uint8_t, 16>;
using Mac = std::array<std::uint8_t, 6>;

/// Append big-endian numbers and byte strings.
void put8(Bytes& to, unsigned value);
void put16(Bytes& to, std::uint32_t value);
void put32(Bytes& to, std::uint32_t value);
void put64(Bytes& to, std::uint64_t value);
void put(Bytes& to, View from);

/// Overwrite big-endian numbers in place; `at` must lie inside.
void set16(Bytes& in, std::size_t at, std::uint32_t value);
void set32(Bytes& in, std::size_t at, std::uint32_t value);
void set64(Bytes& in, std::size_t at, std::uint64_t value);

/// Read big-endian numbers; throws std::out_of_range beyond the end.
std::uint8_t get8(View from, std::size_t at);
std::uint16_t get16(View from, std::size_t at);
std::uint32_t get32(View from, std::size_t at);
std::uint64_t get64(View from, std::size_t at);

/// Part [at, at + size) of a byte string; throws std::out_of_range.
View part(View from, std::size_t at, std::size_t size);
bool equal(View a, View b);

/// Hex digits, two per byte, lower case. from_hex throws std::invalid_argument.
Bytes from_hex(std::string_view digits);
std::string to_hex(View bytes);

/// RFC 1071 checksum of the bytes as they are (the value to store when the field is zero; 0 when it is in place and
/// right).
std::uint16_t internet_checksum(View bytes);

/// Text to and from addresses; parsing throws std::invalid_argument.
Address parse_address(const std::string& text);
std::string to_string(const Address& address);
Mac parse_mac(const std::string& text);
bool is_ipv4(const Address& address);
bool is_group(const Mac& mac);

}  // namespace sapulse::traffic
