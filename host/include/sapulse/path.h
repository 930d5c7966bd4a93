// SPDX-License-Identifier: Apache-2.0
// How the peer of an SA is reached by messages that the card originates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sapulse/address.h"
#include "sapulse/error.h"
#include "sapulse/exception.h"
#include "sapulse_wire.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// A VLAN tag.
struct VlanTag {
  std::uint16_t tpid = wire::tpid_customer;  ///< 0x8100 or 0x88a8
  std::uint16_t tci = 0;                     ///< priority, DEI, VLAN identifier

  friend bool operator==(const VlanTag&, const VlanTag&) = default;
};

/// Headers of messages to the peer. The IP addresses are those of the SA.
struct Path {
  MacAddress own_mac;
  MacAddress peer_mac;          ///< of the next hop towards the peer
  std::vector<VlanTag> tags{};  ///< outer one first, at most 2
  Encapsulation encapsulation = Encapsulation::esp;
  std::uint16_t own_port = wire::udp_port_ipsec;   ///< UDP only; the peer sends its answers to it
  std::uint16_t peer_port = wire::udp_port_ipsec;  ///< UDP only
  std::uint8_t control_spi = wire::spi_control;    ///< the peer's
  std::uint8_t dscp = 0;                           ///< 0..63

  friend bool operator==(const Path&, const Path&) = default;
};

/// Errors: invalid_argument (what is out of range). Thread-safe.
Result<void> validate(const Path& path);

/// Length of the IP packet of an encrypted echo request with `data_bytes` of data, bytes. Thread-safe.
std::size_t echo_ip_bytes(const Path& path, bool ipv6, std::size_t data_bytes);

/// Most data whose request fits into an IP packet of `ip_bytes`; 0 if not even an empty one does. Thread-safe.
std::size_t echo_data_bytes(const Path& path, bool ipv6, std::size_t ip_bytes);

}  // namespace sapulse
#pragma GCC visibility pop
