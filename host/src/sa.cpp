// SPDX-License-Identifier: Apache-2.0
#include "sapulse/sa.h"

#include <fmt/format.h>

#include "crypto.h"
#include "utf8.h"

namespace sapulse {
namespace {

constexpr std::size_t kShortestKey = 16;
constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kCcmSaltBytes = 3;

bool is_key_size(std::size_t size) { return size >= kShortestKey && size <= kLongestKey; }

Result<void> check_direction(const SaParameters& sa, const SaDirection& direction, const char* which) {
  const auto bad = [&](const std::string& what) {
    return failure(Errc::invalid_argument, fmt::format("SA '{}': {}: {}", sa.name, which, what));
  };
  if (direction.spi < kFirstSpi)
    return bad(fmt::format("SPI {} is reserved: must be {} or more", direction.spi, kFirstSpi));
  const bool has_integrity = !direction.integrity.empty();
  if (!is_key_size(direction.key.size()) && !(direction.key.empty() && has_integrity)) {
    return bad(fmt::format("key of {} bytes: must be {}..{}", direction.key.size(), kShortestKey, kLongestKey));
  }
  if (has_integrity && !is_key_size(direction.integrity.size())) {
    return bad(fmt::format("integrity key of {} bytes: must be {}..{}", direction.integrity.size(), kShortestKey,
                           kLongestKey));
  }
  const std::size_t salt = direction.salt.size();
  if (salt != wire::salt_bytes && salt != kCcmSaltBytes && !(salt == 0 && has_integrity)) {
    return bad(fmt::format("salt of {} bytes: must be 3 or 4, or an integrity key in its place", salt));
  }
  if (!sa.plain) return {};
  const bool is_gcm = (direction.key.size() == 16 || direction.key.size() == 32) && salt == wire::salt_bytes;
  if (!is_gcm || has_integrity) return bad("plain: needs a key of 16 or 32 bytes and a salt of 4, those of AES-GCM");
  return {};
}

/// Both ends of such a pair would number their messages under one key.
bool is_one_key(const SaParameters& sa) {
  return sa.in.spi == sa.out.spi && equal_constant_time(keying_material(sa.in), keying_material(sa.out));
}

}  // namespace

Result<void> validate(const SaParameters& sa) {
  const auto bad = [&](const char* what) {
    return failure(Errc::invalid_argument, fmt::format("SA '{}': {}", sa.name, what));
  };
  if (find_bad_utf8(sa.name)) {
    return failure(Errc::invalid_argument,
                   fmt::format("SA with inbound SPI {:#010x}: its name is not UTF-8", sa.in.spi));
  }
  if (!sa.local.is_unicast()) return bad("local: not the address of one host");
  if (!sa.peer.is_unicast()) return bad("peer: not the address of one host");
  if (sa.local.is_v4() != sa.peer.is_v4()) return bad("local and peer are of different address families");
  if (sa.next == 0) return bad("next control sequence number 0: must be at least 1");
  if (sa.token_nonce == TokenNonce{}) return bad("token nonce 0: stands for none");
  if (is_one_key(sa)) return bad("in and out have the same SPI and keys: both ends would send under one key");
  if (sa.liveness && !sa.path) return bad("liveness: needs a path to the peer");
  const auto check_optional = [&](const auto& field) -> Result<void> {
    if (!field) return {};
    return validate(*field).map_error(
        [&](const Error& error) { return Error{error.code, fmt::format("SA '{}': {}", sa.name, error.message)}; });
  };
  if (auto good = check_optional(sa.path); !good) return good;
  if (auto good = check_optional(sa.liveness); !good) return good;
  return check_direction(sa, sa.in, "in").and_then([&] { return check_direction(sa, sa.out, "out"); });
}

}  // namespace sapulse
