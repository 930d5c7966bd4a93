// SPDX-License-Identifier: Apache-2.0
// Taking a frame apart by the rules of protocol section 1: plain byte reading, one frame at a time.
#pragma once

#include <cstddef>

#include "bytes.h"
#include "packet.h"

namespace sapulse::traffic {

/// Why a frame with a reserved SPI is malformed; the first that applies, in this order.
enum class Malformed {
  none,
  ip_checksum,
  ip_length,
  address,
  encapsulation,
  too_short,
  version,
  checksum,
  length,
  nested,
  sequence
};

/// Name of the counter of that cause, for instance "DROP_IP_CHECKSUM".
const char* counter_name(Malformed cause);

/// What is known about a frame's headers.
struct Dissected {
  enum class Kind { other, fragment, spi };
  Kind kind = Kind::other;
  Link link;                   ///< of this frame
  Network network;             ///< addresses, DSCP; options and extension headers are not kept
  Wrap wrap;                   ///< SPI, sequence number, ports
  std::size_t ip = 0;          ///< offset of the IP header
  std::size_t esp = 0;         ///< offset of the outer ESP or AH header
  std::size_t payload = 0;     ///< offset behind the outer sequence number (AH: and padding)
  std::size_t limit = 0;       ///< one past the last byte of the IP (UDP) payload
  std::size_t packet_end = 0;  ///< one past the last byte of the IP packet
  bool v6 = false;
  bool unusable_source = false;          ///< a group MAC, or an IP address that nothing may come from
  Malformed ip_cause = Malformed::none;  ///< what concerns every action other than pass and drop

  /// An IPv6 destination in ::ffff:0:0/96, which is not the IPv4 address that it looks like.
  [[nodiscard]] bool mapped_destination() const { return v6 && is_ipv4(network.to); }
};

/// Never throws: what cannot be read makes the frame `other` or malformed.
Dissected dissect(View frame);

/// Adds what the action echo (sub-type 2) or echo-reply (sub-type 3) needs.
Malformed echo_cause(View frame, const Dissected& at, unsigned subtype);

/// Adds what the action control needs.
Malformed control_cause(View frame, const Dissected& at);

}  // namespace sapulse::traffic
