// SPDX-License-Identifier: Apache-2.0
#include "sapulse/secret.h"

#include <openssl/crypto.h>

#include <array>

namespace sapulse {
namespace {

/// Value of a hex digit, or -1.
int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void zeroise(std::span<std::byte> memory) { OPENSSL_cleanse(memory.data(), memory.size()); }

StackZeroiser::~StackZeroiser() {
  // Deeper than parsers and ciphers get; well within the stack of a thread.
  constexpr std::size_t kDepthBytes = std::size_t{32} << 10;
  std::array<std::byte, kDepthBytes> below;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  zeroise(below);
}

bool equal_constant_time(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool decode_hex(std::string_view hex, std::span<std::uint8_t> bytes) {
  if (hex.size() != 2 * bytes.size()) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = digit_value(hex[2 * i]);
    const int low = digit_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

}  // namespace sapulse
