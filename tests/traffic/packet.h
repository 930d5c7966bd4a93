// SPDX-License-Identifier: Apache-2.0
// Building frames from the outside in: Ethernet, VLAN, IPv4 / IPv6, UDP, ESP and AH headers.
#pragma once

#include <utility>
#include <vector>

#include "bytes.h"

namespace sapulse::traffic {

inline constexpr std::size_t kMinFrame = 60;    ///< Ethernet minimum without FCS, bytes
inline constexpr std::size_t kMaxFrame = 9216;  ///< longest frame without FCS, bytes
inline constexpr unsigned kNatPort = 4500;      ///< RFC 3948

/// IP protocol numbers.
enum Protocol : std::uint8_t {
  next_hop_by_hop = 0,
  next_tcp = 6,
  next_udp = 17,
  next_routing = 43,
  next_fragment = 44,
  next_esp = 50,
  next_ah = 51,
  next_destination_options = 60,
  next_nested_message = 144,  ///< next header of a nested packet's plaintext
  next_control_message = 253  ///< next header of an AH under a reserved SPI
};

struct Link {
  Mac to{};
  Mac from{};
  std::vector<std::uint32_t> tags{};  ///< TPID | TCI, outer first
};

struct Network {
  Address from{};
  Address to{};
  unsigned dscp = 0;
  unsigned ecn = 0;
  unsigned hops = 64;                                    ///< TTL or hop limit
  unsigned id = 0;                                       ///< IPv4 identification, IPv6 flow label
  unsigned fragment = 0x4000;                            ///< IPv4 flags and fragment offset
  Bytes options{};                                       ///< IPv4, a multiple of 4
  std::vector<std::pair<Protocol, Bytes>> extensions{};  ///< IPv6: type and content without the two first bytes
};

/// How an SPI is wrapped.
enum class Encapsulation { esp, udp, ah };

struct Wrap {
  Encapsulation kind = Encapsulation::esp;
  unsigned from_port = kNatPort;
  unsigned to_port = kNatPort;
  std::uint32_t spi = 0;
  std::uint32_t sequence = 0;
};

/// Ethernet header, tags, EtherType, payload; padded with zeros to 60 bytes.
Bytes ethernet(const Link& link, unsigned ether_type, View payload);

/// IPv4 or IPv6 (by the addresses) in Ethernet, lengths and header checksum right.
Bytes ip_frame(const Link& link, const Network& network, unsigned protocol, View payload);

/// SPI and sequence number (AH: its header) with UDP where wanted (over IPv6 with its checksum), in IP, in Ethernet.
Bytes wrapped_frame(const Link& link, const Network& network, const Wrap& wrap, View payload);

/// UDP header (checksum 0) and payload.
Bytes udp(unsigned from_port, unsigned to_port, View payload);

/// Checksum of a UDP datagram over IPv6 (RFC 8200 section 8.1), whose field is 0: never 0.
/// `addresses`: source and destination, as in the IPv6 header.
std::uint16_t udp_checksum(View addresses, View datagram);
inline constexpr std::size_t kUdpChecksumAt = 6;

/// Bytes that an IP header takes: IPv4 with options or IPv6 with extension headers.
std::size_t ip_header_bytes(const Network& network);
std::size_t wrap_bytes(const Network& network, const Wrap& wrap);

/// Recomputes the IPv4 header checksum of a frame after it was edited; `at` is the offset of the IPv4 header.
void fix_ipv4_checksum(Bytes& frame, std::size_t at);

}  // namespace sapulse::traffic
