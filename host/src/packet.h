// SPDX-License-Identifier: Apache-2.0
// Frames that exceptions are about, and the clear errors that answer them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sapulse/address.h"
#include "sapulse/error.h"
#include "sapulse/exception.h"

namespace sapulse {

/// Control header of a message (protocol, section 3).
struct ControlHeader {
  std::uint8_t type = 0;
  std::uint32_t subject = 0;
  std::uint32_t transaction = 0;
};

/// The headers of a frame with an ESP or AH header.
struct OffendingPacket {
  MacAddress mac_dst;
  MacAddress mac_src;
  std::vector<std::uint8_t> vlan_tags;  ///< TPID and TCI of each tag
  bool ipv6 = false;
  std::uint8_t dscp = 0;
  IpAddress src;
  IpAddress dst;
  std::size_t ip_length = 0;  ///< of the whole IP packet, bytes
  Encapsulation encapsulation{};
  std::uint16_t sport = 0;  ///< UDP only
  std::uint16_t dport = 0;
  std::uint32_t spi = 0;  ///< outer
  std::uint32_t sequence = 0;
  std::optional<ControlHeader> control;  ///< if the outer SPI is reserved and the header is of a version that is known
};

/// Parses the snapshot of an exception. Errors: parse_error (the snapshot does not hold the headers, or contradicts the
/// exception).
Result<OffendingPacket> parse_offending(const Exception& exception);

/// A clear error (protocol, section 6).
struct ClearError {
  std::uint32_t outer_spi = 0;  ///< control SPI
  std::uint8_t code = 0;
  std::uint32_t subject = 0;
  std::uint32_t transaction = 0;
  std::array<std::uint8_t, 16> token{};  ///< zero: none
  std::uint32_t spi = 0;                 ///< of the offending ESP packet
  std::uint32_t sequence = 0;
};

/// Length of the IP packet of an error to this packet, bytes.
std::size_t error_ip_length(const OffendingPacket& packet);

/// The frame of an error: fresh headers with addresses and ports swapped (protocol, section 1), at least 60 bytes.
std::vector<std::uint8_t> build_error(const OffendingPacket& packet, const ClearError& error);

}  // namespace sapulse
