// SPDX-License-Identifier: Apache-2.0
// AES-GCM, AES-CMAC and HKDF through OpenSSL EVP: nothing here is shared with the data path.
#pragma once

#include <optional>

#include "bytes.h"

namespace sapulse::traffic {

inline constexpr std::size_t kIcvBytes = 16;

/// AES-128-GCM or AES-256-GCM (by the size of the key, 16 or 32 bytes) with a 12-byte nonce and a 16-byte ICV.
/// Returns ciphertext | ICV. Throws std::runtime_error when OpenSSL refuses.
Bytes gcm_seal(View key, View nonce, View aad, View plaintext);

/// The plaintext, or nothing when the ICV (last 16 bytes of `sealed`) is wrong.
std::optional<Bytes> gcm_open(View key, View nonce, View aad, View sealed);

/// AES-256-CMAC (NIST SP 800-38B), 16 bytes.
Bytes cmac(View key, View message);

/// HKDF-SHA-256 (RFC 5869) without a salt; `size` bytes.
Bytes hkdf_sha256(View material, View info, std::size_t size);

}  // namespace sapulse::traffic
