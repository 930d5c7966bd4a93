// SPDX-License-Identifier: Apache-2.0
// What the kernel tells of addresses, links, routes and neighbours over NETLINK_ROUTE, from bytes to structures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "netlink_message.h"
#include "sapulse/address.h"
#include "sapulse/error.h"
#include "sapulse/path.h"

namespace sapulse::kernel {

/// An interface.
struct Link {
  std::uint32_t index = 0;
  std::string name;
  bool is_ethernet = false;
  MacAddress mac;                        ///< of Ethernet interfaces
  std::optional<VlanTag> vlan{};         ///< of VLAN interfaces, with the identifier alone
  std::optional<std::uint32_t> below{};  ///< interface that a VLAN interface sits on
};

/// Where packets to an address leave.
struct Route {
  bool is_unicast = false;             ///< not local, unreachable, blackhole...
  std::uint32_t link = 0;              ///< index
  std::optional<IpAddress> gateway{};  ///< absent: the destination is on the link
};

/// A neighbour on a link.
struct Neighbour {
  std::uint32_t link = 0;
  IpAddress address;
  std::optional<MacAddress> mac{};  ///< absent: not known, or not valid any more
};

/// Payloads of RTM_NEWADDR/DELADDR, RTM_NEWLINK, RTM_NEWROUTE, RTM_NEWNEIGH/DELNEIGH. Nothing: of another address
/// family. Errors: parse_error. Thread-safe.
Result<std::optional<IpAddress>> parse_address(Bytes payload);
Result<Link> parse_link(Bytes payload);
Result<Route> parse_route(Bytes payload);
Result<std::optional<Neighbour>> parse_neighbour(Bytes payload);

}  // namespace sapulse::kernel
