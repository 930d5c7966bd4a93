// SPDX-License-Identifier: Apache-2.0
#include "keying.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace sapulse::kernel {
namespace {

/// Ciphers whose key ends with a salt (or, of AES-CTR, a nonce that is used like one).
struct SaltedCipher {
  std::string_view name;
  std::size_t salt_bytes;
};
constexpr std::array kSaltedCiphers{
    SaltedCipher{"rfc4106(gcm(aes))", 4},              // RFC 4106
    SaltedCipher{"rfc4309(ccm(aes))", 3},              // RFC 4309
    SaltedCipher{"rfc4543(gcm(aes))", 4},              // RFC 4543, integrity alone
    SaltedCipher{"rfc7539esp(chacha20,poly1305)", 4},  // RFC 7634
    SaltedCipher{"rfc3686(ctr(aes))", 4},              // RFC 3686
};
constexpr std::array<std::string_view, 2> kNoCipher{"ecb(cipher_null)", "cipher_null"};
constexpr std::size_t kShortestKey = 16;

std::size_t salt_bytes(const Algorithm& cipher) {
  const auto found = std::ranges::find(kSaltedCiphers, cipher.name, &SaltedCipher::name);
  return found == kSaltedCiphers.end() ? 0 : found->salt_bytes;
}

tl::unexpected<Error> unsupported(std::string reason) { return failure(Errc::unsupported, std::move(reason)); }

Result<void> check_key(const Algorithm& algorithm, std::size_t salt) {
  const std::span<const std::uint8_t> key = algorithm.key.bytes();
  if (algorithm.key_bytes > Key::capacity() || algorithm.key_bytes < kShortestKey + salt) {
    return unsupported(fmt::format("{}: key of {} bytes, must be {} to {}", algorithm.name, algorithm.key_bytes,
                                   kShortestKey + salt, Key::capacity()));
  }
  // A kernel that is locked down writes zeros in place of keys.
  if (std::ranges::all_of(key, [](std::uint8_t byte) { return byte == 0; })) {
    return unsupported(algorithm.name + ": the kernel does not show the key (lockdown)");
  }
  return {};
}

Result<void> read_cipher(const Algorithm& cipher, SaDirection& direction) {
  const std::size_t salt = salt_bytes(cipher);
  if (auto good = check_key(cipher, salt); !good) return good;
  const auto key = cipher.key.bytes();
  direction.key = Key(key.first(key.size() - salt));
  direction.salt = Salt(key.last(salt));
  return {};
}

}  // namespace

Result<SaDirection> keying_of(const KernelSa& sa) {
  SaDirection direction;
  direction.spi = sa.id.spi;
  if (sa.aead) {
    if (salt_bytes(*sa.aead) == 0) return unsupported(sa.aead->name + ": AEAD of unknown layout of its key");
    return read_cipher(*sa.aead, direction).map([&] { return direction; });
  }
  if (!sa.mac || sa.mac->key_bytes == 0) return unsupported("no integrity protection");
  if (auto good = check_key(*sa.mac, 0); !good) return tl::unexpected(good.error());
  direction.integrity = sa.mac->key;
  const bool has_cipher = sa.cipher && std::ranges::find(kNoCipher, sa.cipher->name) == kNoCipher.end();
  if (!has_cipher) return direction;
  return read_cipher(*sa.cipher, direction).map([&] { return direction; });
}

}  // namespace sapulse::kernel
