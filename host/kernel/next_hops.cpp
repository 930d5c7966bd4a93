// SPDX-License-Identifier: Apache-2.0
#include "next_hops.h"

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>

namespace sapulse::kernel {
namespace {

constexpr std::array<unsigned, 8> kGroups{RTNLGRP_LINK,       RTNLGRP_NEIGH,     RTNLGRP_IPV4_IFADDR,
                                          RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_IFADDR,
                                          RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV6_RULE};
constexpr int kMostDatagrams = 1024;
// Look-ups of one poll(): some milliseconds at most.
constexpr std::size_t kMostLookups = 256;

std::uint8_t family_of(const IpAddress& address) { return address.is_v4() ? AF_INET : AF_INET6; }

/// The address as the kernel takes it, 4 or 16 bytes.
Bytes raw(const IpAddress& address) {
  const Bytes bytes = address.bytes();
  return address.is_v4() ? bytes.last(4) : bytes;
}

}  // namespace

Result<NextHops> NextHops::open(std::string line) {
  auto events = NetlinkSocket::open(NETLINK_ROUTE);
  if (!events) return tl::unexpected(events.error());
  auto requests = NetlinkSocket::open(NETLINK_ROUTE);
  if (!requests) return tl::unexpected(requests.error());
  for (const unsigned group : kGroups) {
    if (auto joined = events->join(group); !joined) return tl::unexpected(joined.error());
  }
  NextHops hops(std::move(*events), std::move(*requests), std::move(line));
  if (auto read = hops.read_local(); !read) return tl::unexpected(read.error());
  return hops;
}

Result<void> NextHops::read_local() {
  local_stale_ = false;
  std::set<IpAddress> local;
  RequestBuilder request(RTM_GETADDR, NLM_F_DUMP);
  request.put(ifaddrmsg{});
  return requests_
      .dump(
          request,
          [&](const NetlinkMessage& message) {
            return parse_address(message.payload).map([&](const std::optional<IpAddress>& address) {
              if (address) local.insert(*address);
            });
          },
          [&] { local.clear(); })
      .map([&] { local_ = std::move(local); });
}

const Result<NextHop>& NextHops::find(const IpAddress& local, const IpAddress& peer) {
  const Ends ends{local, peer};
  const auto found = known_.find(ends);
  if (found != known_.end()) return found->second.hop;
  Known& known = known_.emplace(ends, Known{.hop = NextHop{}, .neighbour = {}}).first->second;
  (void)refresh(ends, known);
  return known.hop;
}

void NextHops::retain(const std::set<Ends>& wanted) {
  std::erase_if(known_, [&](const auto& known) { return !wanted.contains(known.first); });
  std::erase_if(stale_, [&](const Ends& ends) { return !wanted.contains(ends); });
}

Result<void> NextHops::take(const NetlinkMessage& message) {
  switch (message.type) {
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH: {
      const auto parsed = parse_neighbour(message.payload);
      if (!parsed) return tl::unexpected(parsed.error());
      if (const auto& neighbour = *parsed) take_neighbour(*neighbour);
      return {};
    }
    case RTM_NEWADDR:
    case RTM_DELADDR:
      local_stale_ = true;
      break;
    default:
      break;
  }
  everything_stale();
  return {};
}

void NextHops::take_neighbour(const Neighbour& neighbour) {
  for (const auto& [ends, known] : known_) {
    if (known.link == neighbour.link && known.neighbour == neighbour.address) stale_.insert(ends);
  }
}

void NextHops::everything_stale() {
  for (const auto& [ends, known] : known_) stale_.insert(ends);
}

Result<bool> NextHops::poll() {
  auto received = NetlinkSocket::Received::messages;
  for (int i = 0; i < kMostDatagrams && received != NetlinkSocket::Received::nothing; ++i) {
    const auto taken = events_.receive([&](const NetlinkMessage& message) { return take(message); });
    if (!taken) return tl::unexpected(taken.error());
    received = *taken;
    if (received != NetlinkSocket::Received::overrun) continue;
    local_stale_ = true;
    everything_stale();
  }
  bool changed = false;
  if (local_stale_) {
    const auto before = local_;
    if (auto read = read_local(); !read) return tl::unexpected(read.error());
    changed = local_ != before;
  }
  for (std::size_t i = 0; i < kMostLookups && !stale_.empty(); ++i) {
    const Ends ends = *stale_.begin();
    stale_.erase(stale_.begin());
    changed = refresh(ends, known_.at(ends)) || changed;
  }
  return changed;
}

bool NextHops::refresh(const Ends& ends, Known& known) {
  auto hop = look_up(ends, known);
  const bool same = hop.has_value() == known.hop.has_value() &&
                    (hop ? *hop == *known.hop : hop.error().message == known.hop.error().message);
  known.hop = std::move(hop);
  return !same;
}

Result<NextHop> NextHops::look_up(const Ends& ends, Known& known) {
  const auto route = ask_route(ends);
  if (!route) return tl::unexpected(Error{route.error().code, "no route to the peer: " + route.error().message});
  if (!route->is_unicast) return failure(Errc::not_found, "the route to the peer leads to no other host");
  const auto link = ask_link(route->link);
  if (!link) return tl::unexpected(link.error());
  if (!link->is_ethernet) {
    return failure(Errc::unsupported,
                   fmt::format("packets to the peer leave through {}, which is not Ethernet", link->name));
  }
  auto tags = tags_of(*link);
  if (!tags) return tl::unexpected(tags.error());
  known.link = route->link;
  known.neighbour = route->gateway.value_or(ends.second);
  return ask_neighbour(known.link, known.neighbour).map([&](const MacAddress& mac) {
    return NextHop{.own_mac = link->mac, .peer_mac = mac, .tags = std::move(*tags)};
  });
}

Result<Route> NextHops::ask_route(const Ends& ends) {
  const auto& [local, peer] = ends;
  const auto bits = static_cast<std::uint8_t>(raw(peer).size() * 8);
  RequestBuilder request(RTM_GETROUTE, NLM_F_ACK);
  request.put(rtmsg{.rtm_family = family_of(peer),
                    .rtm_dst_len = bits,
                    .rtm_src_len = bits,
                    .rtm_tos = 0,
                    .rtm_table = 0,
                    .rtm_protocol = 0,
                    .rtm_scope = 0,
                    .rtm_type = 0,
                    .rtm_flags = 0});
  request.put(RTA_DST, raw(peer)).put(RTA_SRC, raw(local));
  Result<Route> route = failure(Errc::not_found, "the kernel has not told it");
  const auto asked = requests_.request(request, [&](const NetlinkMessage& message) {
    route = parse_route(message.payload);
    return Result<void>();
  });
  if (!asked) return tl::unexpected(asked.error());
  return route;
}

Result<Link> NextHops::ask_link(std::uint32_t index) {
  RequestBuilder request(RTM_GETLINK, NLM_F_ACK);
  request.put(ifinfomsg{.ifi_family = AF_UNSPEC,
                        .__ifi_pad = 0,
                        .ifi_type = 0,
                        .ifi_index = static_cast<int>(index),
                        .ifi_flags = 0,
                        .ifi_change = 0});
  Result<Link> link = failure(Errc::not_found, fmt::format("no interface {}", index));
  const auto asked = requests_.request(request, [&](const NetlinkMessage& message) {
    link = parse_link(message.payload);
    return Result<void>();
  });
  if (!asked) return tl::unexpected(asked.error());
  return link;
}

Result<std::vector<VlanTag>> NextHops::tags_of(Link link) {
  std::vector<VlanTag> tags;
  while (link.vlan && link.name != line_) {
    tags.insert(tags.begin(), *link.vlan);
    if (tags.size() > wire::vlan_tags_max) {
      return failure(Errc::unsupported, fmt::format("more than {} VLAN tags towards the peer", wire::vlan_tags_max));
    }
    if (!link.below) break;
    auto below = ask_link(*link.below);
    if (!below) break;  // in another network namespace: nothing more is known
    link = std::move(*below);
  }
  return tags;
}

Result<MacAddress> NextHops::ask_neighbour(std::uint32_t link, const IpAddress& address) {
  RequestBuilder request(RTM_GETNEIGH, NLM_F_ACK);
  request.put(ndmsg{.ndm_family = family_of(address),
                    .ndm_pad1 = 0,
                    .ndm_pad2 = 0,
                    .ndm_ifindex = static_cast<int>(link),
                    .ndm_state = 0,
                    .ndm_flags = 0,
                    .ndm_type = 0});
  request.put(NDA_DST, raw(address));
  std::optional<MacAddress> mac;
  const auto asked = requests_.request(request, [&](const NetlinkMessage& message) {
    return parse_neighbour(message.payload).map([&](const std::optional<Neighbour>& neighbour) {
      if (neighbour) mac = neighbour->mac;
    });
  });
  if (!asked && asked.error().code != Errc::not_found) return tl::unexpected(asked.error());
  if (mac) return *mac;
  resolve(link, address);
  return failure(Errc::not_found,
                 fmt::format("the MAC address of the next hop {} is not known yet", address.to_string()));
}

void NextHops::resolve(std::uint32_t link, const IpAddress& address) {
  RequestBuilder request(RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE);
  request.put(ndmsg{.ndm_family = family_of(address),
                    .ndm_pad1 = 0,
                    .ndm_pad2 = 0,
                    .ndm_ifindex = static_cast<int>(link),
                    .ndm_state = NUD_NONE,
                    .ndm_flags = NTF_USE,
                    .ndm_type = 0});
  request.put(NDA_DST, raw(address));
  // The kernel asks the link as if it had a packet to send, and tells what comes of it.
  (void)requests_.request(request, [](const NetlinkMessage&) { return Result<void>(); });
}

}  // namespace sapulse::kernel
