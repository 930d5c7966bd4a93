// SPDX-License-Identifier: Apache-2.0
// What a charon sends, made here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sapulse::vici::test {

using Bytes = std::vector<std::uint8_t>;

inline void append(Bytes& bytes, const std::string& text) { bytes.insert(bytes.end(), text.begin(), text.end()); }

inline Bytes named(std::uint8_t element, const std::string& name) {
  Bytes bytes{element, static_cast<std::uint8_t>(name.size())};
  append(bytes, name);
  return bytes;
}
inline Bytes value(const std::string& text) {
  Bytes bytes{static_cast<std::uint8_t>(text.size() >> 8), static_cast<std::uint8_t>(text.size())};
  append(bytes, text);
  return bytes;
}
inline Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}
inline Bytes entry(const std::string& name, const std::string& text) { return named(3, name) + value(text); }
inline Bytes section(const std::string& name, const Bytes& content) { return named(1, name) + content + Bytes{2}; }

/// `unique`: its name and its number in charon, "net-1".
inline Bytes child(const std::string& unique, const std::string& name, const std::string& in, const std::string& out,
                   const std::string& state = "INSTALLED") {
  return section(unique, entry("name", name) + entry("uniqueid", unique.substr(unique.find('-') + 1)) +
                             entry("state", state) + entry("spi-in", in) + entry("spi-out", out));
}

/// An event `list-sa` about the IKE_SA 1 of the connection gw-gw, without its length.
inline Bytes list_sa(const Bytes& children) {
  const Bytes list = named(4, "local-ts") + Bytes{5} + value("10.0.0.0/24") + Bytes{6};
  return named(7, "list-sa") + section("gw-gw", entry("uniqueid", "1") + list + section("child-sas", children));
}

inline Bytes with_length(const Bytes& packet) {
  const auto size = static_cast<std::uint32_t>(packet.size());
  return Bytes{static_cast<std::uint8_t>(size >> 24), static_cast<std::uint8_t>(size >> 16),
               static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)} +
         packet;
}

}  // namespace sapulse::vici::test
