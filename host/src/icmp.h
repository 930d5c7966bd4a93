// SPDX-License-Identifier: Apache-2.0
// ICMP security failures (RFC 2521), for peers that do not speak the protocol. IPv4 only: ICMPv6 has none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "packet.h"
#include "sapulse/address.h"
#include "sapulse/exception.h"

namespace sapulse {

/// Code of an ICMP security failure (RFC 2521 section 3).
enum class IcmpFailureCode : std::uint8_t {
  bad_spi = 0,
  authentication_failed = 1,
  decompression_failed = 2,
  decryption_failed = 3,
  need_authentication = 4,
  need_authorization = 5
};

/// An ICMP security failure, as it was received. Nothing of it is authenticated.
struct IcmpFailure {
  IcmpFailureCode code{};
  IpAddress from;          ///< who says so
  IpAddress original_src;  ///< of the packet that it is about
  IpAddress original_dst;
  std::uint32_t spi = 0;
};

/// Length of the IP packet of a failure about this packet, bytes.
std::size_t icmp_failure_ip_length(const Exception& exception, const OffendingPacket& packet);

/// The frame of a failure about the packet of an exception: IPv4, with a snapshot that parse_offending() has
/// understood.
std::vector<std::uint8_t> build_icmp_failure(const Exception& exception, const OffendingPacket& packet,
                                             IcmpFailureCode code);

/// Finds an ICMP security failure in an IP packet; nothing if it is something else, or damaged.
std::optional<IcmpFailure> parse_icmp_failure(std::span<const std::uint8_t> packet);

/// The IPv4 packet in an Ethernet frame with up to two VLAN tags; empty if there is none.
std::span<const std::uint8_t> ipv4_packet(std::span<const std::uint8_t> frame);

}  // namespace sapulse
