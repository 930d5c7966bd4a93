// SPDX-License-Identifier: Apache-2.0
// Cryptography on the host: control keys, powers of H and crash tokens. The card does the rest.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "gf128.h"
#include "sapulse/control_keys.h"
#include "sapulse/error.h"
#include "sapulse/event.h"
#include "sapulse/sa.h"
#include "sapulse/secret.h"
#include "secret_buffer.h"

namespace sapulse {

/// What OpenSSL computes with, for many computations in a row: to make a context takes OpenSSL longer than to use it.
/// Has the last keys until it is destroyed, then OpenSSL overwrites them. Not thread-safe.
class CryptoContexts {
 public:
  CryptoContexts();
  ~CryptoContexts();
  CryptoContexts(const CryptoContexts&) = delete;
  CryptoContexts& operator=(const CryptoContexts&) = delete;

  /// H, H^2, H^3, H^4 of an AES key of 16 or 32 bytes, H = AES(key, 0^128). Errors: invalid_argument (key length),
  /// device_error (OpenSSL failed).
  Result<SecretBytes<64>> hash_powers(const Key& key);

  /// HKDF-SHA-256 (RFC 5869) without salt: fills `output`, at most 8160 bytes. Errors: device_error (OpenSSL failed).
  Result<void> hkdf_sha256(std::span<const std::uint8_t> material, std::span<const std::uint8_t> info,
                           std::span<std::uint8_t> output);

  /// AES-256-CMAC (NIST SP 800-38B). Errors: invalid_argument (key length), device_error (OpenSSL failed).
  Result<Block> aes256_cmac(const DeviceSecret& key, std::span<const std::uint8_t> message);

  /// Crash token of an inbound SA (protocol, section 7); `secret` has 32 bytes. Errors: those of aes256_cmac().
  Result<Token> crash_token(const DeviceSecret& secret, std::uint32_t spi, const TokenNonce& nonce);

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

/// The same once.
Result<SecretBytes<64>> hash_powers(const Key& key);
Result<void> hkdf_sha256(std::span<const std::uint8_t> material, std::span<const std::uint8_t> info,
                         std::span<std::uint8_t> output);
Result<Block> aes256_cmac(const DeviceSecret& key, std::span<const std::uint8_t> message);
Result<Token> crash_token(const DeviceSecret& secret, std::uint32_t spi, const TokenNonce& nonce);

/// control_keys() of sapulse/control_keys.h, with these contexts.
Result<KeyMaterial> control_keys(CryptoContexts& contexts, const SaDirection& direction, bool plain);

/// Keying material of one direction, in the order of RFC 7296 section 2.17: encryption key | salt | integrity key.
SecretBuffer keying_material(const SaDirection& direction);

/// SipHash-2-4 of a message; 0 if OpenSSL failed.
std::uint64_t keyed_hash(std::span<const std::uint8_t, 16> key, std::span<const std::uint8_t> message);

}  // namespace sapulse
