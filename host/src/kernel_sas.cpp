// SPDX-License-Identifier: Apache-2.0
#include "sapulse/kernel_sas.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <charconv>

namespace sapulse {
namespace {

constexpr unsigned kBitsOfV4 = 32;
constexpr unsigned kBitsOfV6 = 128;

}  // namespace

Result<IpPrefix> IpPrefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return tl::unexpected(address.error());
  const unsigned most = address->is_v4() ? kBitsOfV4 : kBitsOfV6;
  IpPrefix prefix{.address = *address, .bits = most};
  if (slash == std::string_view::npos) return prefix;
  const std::string_view bits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), prefix.bits);
  if (error != std::errc() || end != bits.data() + bits.size() || prefix.bits > most) {
    return failure(Errc::parse_error, fmt::format("length of the prefix must be 0..{}", most));
  }
  return prefix;
}

bool IpPrefix::contains(const IpAddress& other) const {
  if (other.is_v4() != address.is_v4()) return false;
  // IPv4 addresses are the last 32 bits of their 16 bytes.
  unsigned left = address.is_v4() ? bits + kBitsOfV6 - kBitsOfV4 : bits;
  for (std::size_t i = 0; left > 0; ++i) {
    const unsigned taken = std::min(left, 8U);
    const auto mask = static_cast<std::uint8_t>(0xffU << (8 - taken));
    if (((address.bytes().at(i) ^ other.bytes().at(i)) & mask) != 0) return false;
    left -= taken;
  }
  return true;
}

bool KernelSaRule::matches(const KernelSaTraits& sa) const {
  if (name && ::fnmatch(name->c_str(), std::string(sa.name).c_str(), 0) != 0) return false;
  if (local && !local->contains(sa.local)) return false;
  if (peer && !peer->contains(sa.peer)) return false;
  return reqid.value_or(sa.reqid) == sa.reqid && if_id.value_or(sa.if_id) == sa.if_id;
}

KernelSaRule KernelSaSettings::rule_for(const KernelSaTraits& sa) const {
  const auto found = std::ranges::find_if(rules, [&](const KernelSaRule& rule) { return rule.matches(sa); });
  if (found != rules.end()) return *found;
  KernelSaRule fallback;
  fallback.liveness = liveness;
  return fallback;
}

}  // namespace sapulse
