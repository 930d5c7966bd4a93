// SPDX-License-Identifier: Apache-2.0
#include "sapulse/exception.h"

#include <fmt/format.h>

#include "descriptor.h"
#include "sapulse_wire.h"

namespace sapulse {
namespace {

/// Fields of the bytes `flags` and `encapsulation` of an exception.
constexpr regs::Field kSaValid{.lsb = 0, .width = 1};
constexpr regs::Field kDecrypted{.lsb = 1, .width = 1};
constexpr regs::Field kEncapsulation{.lsb = 0, .width = 2};
constexpr regs::Field kIpv6{.lsb = 4, .width = 1};
constexpr regs::Field kVlanTags{.lsb = 6, .width = 2};
constexpr std::uint32_t kMostVlanTags = 2;

Result<void> check(const regs::ConstException& entry) {
  const auto bad = [](std::string_view field, unsigned value) {
    return failure(Errc::parse_error, fmt::format("exception with {} {}", field, value));
  };
  if (static_cast<std::size_t>(entry.cause()) >= regs::kCauseCount) {
    return bad("cause", static_cast<unsigned>(entry.cause()));
  }
  if (kEncapsulation.get(entry.encapsulation()) > static_cast<std::uint32_t>(Encapsulation::ah)) {
    return bad("encapsulation", entry.encapsulation());
  }
  if (kVlanTags.get(entry.encapsulation()) > kMostVlanTags) return bad("encapsulation", entry.encapsulation());
  if (entry.captured() > regs::kSnapshotBytes) return bad("captured bytes", entry.captured());
  return {};
}

}  // namespace

Result<Exception> decode_exception(std::span<const std::byte> bytes) {
  if (bytes.size() < regs::kExceptionBytes) {
    return failure(Errc::parse_error, fmt::format("exception of {} bytes", bytes.size()));
  }
  const regs::ConstException entry{bytes.first<regs::kExceptionBytes>()};
  if (auto good = check(entry); !good) return tl::unexpected(good.error());

  Exception result;
  result.cause = entry.cause();
  if (kSaValid.get(entry.flags()) != 0) result.sa = entry.sa();
  result.decrypted = kDecrypted.get(entry.flags()) != 0;
  result.time = entry.time();
  result.spi = entry.spi();
  result.sequence = entry.sequence();
  result.n = entry.n();
  result.transaction = entry.transaction();
  result.message = entry.message();
  result.code = entry.code();
  result.answer_wanted = (entry.control_flags() & wire::control_flag_no_answer) == 0;
  copy_bytes(entry.token_nonce(), result.token_nonce);
  result.count = entry.count();
  result.frame_length = entry.frame_length();
  result.payload_end = entry.payload_end();
  result.esp_offset = entry.esp_offset();
  result.encapsulation = static_cast<Encapsulation>(kEncapsulation.get(entry.encapsulation()));
  result.ipv6 = kIpv6.get(entry.encapsulation()) != 0;
  result.vlan_tags = static_cast<std::uint8_t>(kVlanTags.get(entry.encapsulation()));
  for (const std::byte byte : entry.snapshot().first(entry.captured())) {
    result.snapshot.push_back(std::to_integer<std::uint8_t>(byte));
  }
  return result;
}

}  // namespace sapulse
