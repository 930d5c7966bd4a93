// SPDX-License-Identifier: Apache-2.0
#include "sapulse/path.h"

#include <fmt/format.h>

#include "control_spi.h"

namespace sapulse {
namespace {

constexpr unsigned kMostDscp = 63;

/// Everything of an echo request but its plaintext: IP header to control header, and what a nested packet adds.
std::size_t overhead(const Path& path, bool ipv6) {
  std::size_t bytes = (ipv6 ? wire::ipv6_bytes : wire::ipv4_bytes) + wire::control_bytes + wire::nested_overhead;
  switch (path.encapsulation) {
    case Encapsulation::esp:
      return bytes + wire::esp_bytes;
    case Encapsulation::udp:
      return bytes + wire::udp_bytes + wire::esp_bytes;
    case Encapsulation::ah:
      return bytes + (ipv6 ? wire::ah_bytes_ipv6 : wire::ah_bytes_ipv4);
  }
  return bytes;
}

}  // namespace

Result<void> validate(const Path& path) {
  const auto bad = [](std::string what) { return failure(Errc::invalid_argument, "path: " + std::move(what)); };
  if (path.own_mac.is_group() || path.own_mac == MacAddress()) return bad("own MAC: not the address of one host");
  if (path.peer_mac.is_group() || path.peer_mac == MacAddress()) return bad("peer MAC: not the address of one host");
  if (path.tags.size() > wire::vlan_tags_max) return bad(fmt::format("{} VLAN tags: must be 0..2", path.tags.size()));
  for (const VlanTag& tag : path.tags) {
    if (tag.tpid != wire::tpid_customer && tag.tpid != wire::tpid_service) {
      return bad(fmt::format("TPID {:#06x}: must be 0x8100 or 0x88a8", tag.tpid));
    }
  }
  if (path.encapsulation > Encapsulation::ah) return bad("unknown encapsulation");
  if (path.encapsulation == Encapsulation::udp && (path.own_port == 0 || path.peer_port == 0)) {
    return bad("UDP port 0: must be 1..65535");
  }
  if (!is_control_spi(path.control_spi)) {
    return bad(fmt::format("control SPI {}: must be 3..255, and neither 7 nor 8", path.control_spi));
  }
  if (path.dscp > kMostDscp) return bad(fmt::format("DSCP {}: must be 0..{}", path.dscp, kMostDscp));
  return {};
}

std::size_t echo_ip_bytes(const Path& path, bool ipv6, std::size_t data_bytes) {
  const std::size_t plaintext = wire::echo_bytes + data_bytes + wire::trailer_bytes;
  constexpr std::size_t kAlign = wire::nested_alignment;
  return overhead(path, ipv6) + (plaintext + kAlign - 1) / kAlign * kAlign;
}

std::size_t echo_data_bytes(const Path& path, bool ipv6, std::size_t ip_bytes) {
  const std::size_t fixed = overhead(path, ipv6) + wire::echo_bytes + wire::trailer_bytes;
  if (ip_bytes < fixed) return 0;
  // The plaintext is a multiple of 4 long: what is beyond it stays unused.
  const std::size_t plaintext = (ip_bytes - overhead(path, ipv6)) / wire::nested_alignment * wire::nested_alignment;
  return plaintext - wire::echo_bytes - wire::trailer_bytes;
}

}  // namespace sapulse
