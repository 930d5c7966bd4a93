// SPDX-License-Identifier: Apache-2.0
#include "sapulse/sa.h"

#include <fmt/format.h>

#include <chrono>

namespace sapulse {
namespace {

constexpr std::size_t kSaltBytes = wire::salt_bytes;

Result<void> check_direction(const SaParameters& sa, const SaDirection& direction, const char* which) {
  const auto bad = [&](const std::string& what) {
    return failure(Errc::invalid_argument, fmt::format("SA '{}': {}: {}", sa.name, which, what));
  };
  if (direction.spi < kFirstSpi)
    return bad(fmt::format("SPI {} is reserved: must be {} or more", direction.spi, kFirstSpi));
  if (direction.key.size() != 16 && direction.key.size() != 32) {
    return bad(fmt::format("key of {} bytes: must be 16 or 32", direction.key.size()));
  }
  if (direction.salt.size() != kSaltBytes) {
    return bad(fmt::format("salt of {} bytes: must be {}", direction.salt.size(), kSaltBytes));
  }
  return {};
}

}  // namespace

std::uint64_t SaParameters::fresh_sequence() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  return static_cast<std::uint64_t>(seconds) << 32 | 1;
}

Result<void> validate(const SaParameters& sa) {
  const auto bad = [&](const char* what) {
    return failure(Errc::invalid_argument, fmt::format("SA '{}': {}", sa.name, what));
  };
  if (!sa.local.is_unicast()) return bad("local: not the address of one host");
  if (!sa.peer.is_unicast()) return bad("peer: not the address of one host");
  if (sa.local.is_v4() != sa.peer.is_v4()) return bad("local and peer are of different address families");
  if (sa.next == 0) return bad("next control sequence number 0: must be at least 1");
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
