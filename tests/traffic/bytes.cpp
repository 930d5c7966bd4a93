// SPDX-License-Identifier: Apache-2.0
#include "bytes.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace sapulse::traffic {

namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

unsigned digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  throw std::invalid_argument("not a hex digit");
}

template <class Number>
Number read_number(View from, std::size_t at) {
  std::uint64_t value = 0;
  for (std::uint8_t byte : part(from, at, sizeof(Number))) value = value << 8 | byte;
  return static_cast<Number>(value);
}

}  // namespace

void put8(Bytes& to, unsigned value) { to.push_back(static_cast<std::uint8_t>(value)); }

void put16(Bytes& to, std::uint32_t value) {
  put8(to, value >> 8 & 0xff);
  put8(to, value & 0xff);
}

void put32(Bytes& to, std::uint32_t value) {
  put16(to, value >> 16);
  put16(to, value & 0xffff);
}

void put64(Bytes& to, std::uint64_t value) {
  put32(to, static_cast<std::uint32_t>(value >> 32));
  put32(to, static_cast<std::uint32_t>(value));
}

void put(Bytes& to, View from) { to.insert(to.end(), from.begin(), from.end()); }

void set16(Bytes& in, std::size_t at, std::uint32_t value) {
  in.at(at) = static_cast<std::uint8_t>(value >> 8);
  in.at(at + 1) = static_cast<std::uint8_t>(value);
}

void set32(Bytes& in, std::size_t at, std::uint32_t value) {
  set16(in, at, value >> 16);
  set16(in, at + 2, value & 0xffff);
}

void set64(Bytes& in, std::size_t at, std::uint64_t value) {
  set32(in, at, static_cast<std::uint32_t>(value >> 32));
  set32(in, at + 4, static_cast<std::uint32_t>(value));
}

std::uint8_t get8(View from, std::size_t at) { return read_number<std::uint8_t>(from, at); }
std::uint16_t get16(View from, std::size_t at) { return read_number<std::uint16_t>(from, at); }
std::uint32_t get32(View from, std::size_t at) { return read_number<std::uint32_t>(from, at); }
std::uint64_t get64(View from, std::size_t at) { return read_number<std::uint64_t>(from, at); }

View part(View from, std::size_t at, std::size_t size) {
  if (at > from.size() || size > from.size() - at) throw std::out_of_range("bytes beyond the end of a frame");
  return from.subspan(at, size);
}

bool equal(View a, View b) { return std::ranges::equal(a, b); }

Bytes from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) throw std::invalid_argument("odd number of hex digits");
  Bytes bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) put8(bytes, digit(digits[i]) << 4 | digit(digits[i + 1]));
  return bytes;
}

std::string to_hex(View bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::uint16_t internet_checksum(View bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

Address parse_address(const std::string& text) {
  Address address{};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  std::ranges::copy(kMappedPrefix, address.begin());
  if (inet_pton(AF_INET, text.c_str(), address.data() + kMappedPrefix.size()) == 1) return address;
  throw std::invalid_argument("not an IP address: " + text);
}

std::string to_string(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool v4 = is_ipv4(address);
  inet_ntop(v4 ? AF_INET : AF_INET6, address.data() + (v4 ? 12 : 0), text.data(), text.size());
  return text.data();
}

Mac parse_mac(const std::string& text) {
  std::string digits = text;
  std::erase(digits, ':');
  const Bytes bytes = from_hex(digits);
  Mac mac{};
  if (bytes.size() != mac.size()) throw std::invalid_argument("not a MAC address: " + text);
  std::ranges::copy(bytes, mac.begin());
  return mac;
}

bool is_ipv4(const Address& address) { return equal(View(address).first(12), kMappedPrefix); }
bool is_group(const Mac& mac) { return (mac[0] & 1) != 0; }

}  // namespace sapulse::traffic
