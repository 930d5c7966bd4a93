// SPDX-License-Identifier: Apache-2.0
// Cryptography on the host: powers of H and crash tokens. The card does the rest.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "sapulse/address.h"
#include "sapulse/command.h"
#include "sapulse/error.h"
#include "sapulse/sa.h"
#include "sapulse/secret.h"

namespace sapulse {

using Block = std::array<std::uint8_t, 16>;

/// Product in GF(2^128) with the bit order of GCM (NIST SP 800-38D section 6.3).
Block gf_multiply(const Block& x, const Block& y);

/// H, H^2, H^3, H^4 of an AES key of 16 or 32 bytes, H = AES(key, 0^128). Errors: invalid_argument (key length),
/// device_error (OpenSSL failed).
Result<SecretBytes<64>> hash_powers(const Key& key);

/// Key material of one direction for the control channel: powers of H, and the complement of the salt unless
/// `plain_salt` (protocol, section 4). Errors: those of hash_powers().
Result<KeyMaterial> control_keys(const SaDirection& direction, bool plain_salt);

/// AES-256-CMAC (NIST SP 800-38B). Errors: invalid_argument (key length), device_error (OpenSSL failed).
Result<Block> aes256_cmac(const DeviceSecret& key, std::span<const std::uint8_t> message);

/// Crash token of an inbound SA (protocol, section 7); `secret` has 32 bytes. Errors: those of aes256_cmac().
Result<Block> crash_token(const DeviceSecret& secret, std::uint32_t spi, const IpAddress& own, const IpAddress& peer);

/// SipHash-2-4 of a message; 0 if OpenSSL failed.
std::uint64_t keyed_hash(std::span<const std::uint8_t, 16> key, std::span<const std::uint8_t> message);

}  // namespace sapulse
