// SPDX-License-Identifier: Apache-2.0
// SAs and hex for the tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sapulse/sa.h"

namespace sapulse::test {

inline std::vector<std::uint8_t> from_hex(std::string_view hex) {
  std::vector<std::uint8_t> bytes(hex.size() / 2);
  EXPECT_TRUE(decode_hex(hex, bytes)) << hex;
  return bytes;
}

inline std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

inline std::string to_hex(std::span<const std::byte> bytes) {
  return to_hex(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

/// A key of `size` bytes that differs with `seed`.
inline Key make_key(std::size_t size, std::uint32_t seed) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(seed >> (8 * (i % 4)) ^ (17 * i + 1));
  return Key(bytes);
}

/// A good SA with this inbound SPI.
inline SaParameters make_sa(std::uint32_t spi, std::uint32_t seed = 0) {
  SaParameters sa;
  sa.name = "sa" + std::to_string(spi);
  sa.local = IpAddress::v4(0xc0000201);
  sa.peer = IpAddress::v4(0xc6336401);
  sa.in = {.spi = spi,
           .key = make_key(spi % 2 == 0 ? 16 : 32, spi + seed),
           .salt = Salt(from_hex("a1b2c3d4")),
           .integrity = {}};
  sa.out = {.spi = spi ^ 0x40000000,
            .key = make_key(spi % 2 == 0 ? 32 : 16, ~spi + seed),
            .salt = Salt(from_hex("01020304")),
            .integrity = {}};
  sa.next = 1 + seed;
  return sa;
}

}  // namespace sapulse::test
