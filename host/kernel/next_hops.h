// SPDX-License-Identifier: Apache-2.0
// How frames to a peer have to be addressed: own MAC address, that of the next hop, VLAN tags; from the kernel's routes
// and neighbours, and kept up to date.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "netlink_socket.h"
#include "route_message.h"
#include "sapulse/address.h"
#include "sapulse/error.h"
#include "sapulse/path.h"

namespace sapulse::kernel {

/// Ethernet header towards a peer.
struct NextHop {
  MacAddress own_mac;
  MacAddress peer_mac;
  std::vector<VlanTag> tags{};  ///< outer one first

  friend bool operator==(const NextHop&, const NextHop&) = default;
};

/// Needs CAP_NET_ADMIN to let the kernel resolve neighbours. Not thread-safe.
class NextHops {
 public:
  using Ends = std::pair<IpAddress, IpAddress>;  ///< local, peer

  /// `line`: name of the interface that the card or software card is at; tags of VLAN interfaces above it are part of
  /// the frame. Empty: the physical one. Opens in the network namespace of the calling thread. Errors: those of
  /// NetlinkSocket.
  static Result<NextHops> open(std::string line);

  /// Addresses of this host.
  [[nodiscard]] const std::set<IpAddress>& local() const { return local_; }
  /// The header, or why it is not known (not_found, unsupported). Looks it up the first time, and asks the kernel to
  /// resolve the neighbour if that is what is missing.
  const Result<NextHop>& find(const IpAddress& local, const IpAddress& peer);
  /// Forgets all peers but these.
  void retain(const std::set<Ends>& wanted);

  /// Takes what the kernel has told since, and looks up again what may have changed, some peers at a time. Does not
  /// wait. Returns whether anything is different. Errors: those of NetlinkSocket.
  Result<bool> poll();
  [[nodiscard]] int descriptor() const { return events_.descriptor(); }

 private:
  struct Known {
    Result<NextHop> hop;
    std::uint32_t link = 0;  // where its neighbour is
    IpAddress neighbour;
    bool stale = false;
  };

  NextHops(NetlinkSocket events, NetlinkSocket requests, std::string line)
      : events_(std::move(events)), requests_(std::move(requests)), line_(std::move(line)) {}
  Result<void> read_local();
  Result<void> take(const NetlinkMessage& message);
  void take_neighbour(const Neighbour& neighbour);
  void everything_stale();
  bool refresh(const Ends& ends, Known& known);
  Result<NextHop> look_up(const Ends& ends, Known& known);
  Result<Route> ask_route(const Ends& ends);
  Result<Link> ask_link(std::uint32_t index);
  Result<MacAddress> ask_neighbour(std::uint32_t link, const IpAddress& address);
  void resolve(std::uint32_t link, const IpAddress& address);
  Result<std::vector<VlanTag>> tags_of(Link link);

  NetlinkSocket events_;
  NetlinkSocket requests_;
  std::string line_;
  std::set<IpAddress> local_;
  bool local_stale_ = false;
  std::map<Ends, Known> known_;
  std::set<Ends> stale_;
};

}  // namespace sapulse::kernel
