// SPDX-License-Identifier: Apache-2.0
#include "route_message.h"

#include <arpa/inet.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace sapulse::kernel {
namespace {

constexpr std::uint16_t kValidNeighbour = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT | NUD_NOARP;

Result<std::optional<IpAddress>> ip_of(std::optional<Bytes> content, int family, const char* what) {
  if (!content || (family != AF_INET && family != AF_INET6)) return std::nullopt;
  const std::size_t size = family == AF_INET ? 4 : 16;
  if (content->size() != size) {
    return failure(Errc::parse_error, fmt::format("{}: {} bytes, must be {}", what, content->size(), size));
  }
  if (family == AF_INET) {
    return load<std::uint32_t>(*content, what).map([](std::uint32_t value) {
      return std::optional(IpAddress::v4(ntohl(value)));
    });
  }
  return std::optional(IpAddress::from_bytes(content->first<16>()));
}

std::optional<MacAddress> mac_of(std::optional<Bytes> content) {
  if (!content) return std::nullopt;
  return load<MacAddress::Bytes>(*content, "MAC address")
      .map([](const MacAddress::Bytes& bytes) { return std::optional(MacAddress(bytes)); })
      .value_or(std::nullopt);
}

/// What a link of kind "vlan" adds: IFLA_LINKINFO { IFLA_INFO_KIND, IFLA_INFO_DATA { IFLA_VLAN_ID, IFLA_VLAN_PROTOCOL }
/// }.
Result<std::optional<VlanTag>> vlan_of(const Attributes& link) {
  const auto info = Attributes::parse(link.find(IFLA_LINKINFO).value_or(Bytes()), "IFLA_LINKINFO");
  if (!info) return tl::unexpected(info.error());
  if (text_of(info->find(IFLA_INFO_KIND).value_or(Bytes())) != "vlan") return std::nullopt;
  const auto data = Attributes::parse(info->find(IFLA_INFO_DATA).value_or(Bytes()), "IFLA_INFO_DATA");
  if (!data) return tl::unexpected(data.error());
  const auto id = data->get<std::uint16_t>(IFLA_VLAN_ID, "IFLA_VLAN_ID");
  if (!id) return tl::unexpected(id.error());
  const auto protocol = data->get<std::uint16_t>(IFLA_VLAN_PROTOCOL, "IFLA_VLAN_PROTOCOL");
  if (!protocol) return tl::unexpected(protocol.error());
  const auto& tci = *id;
  if (!tci) return failure(Errc::parse_error, "IFLA_INFO_DATA: a VLAN without identifier");
  const auto& tpid = *protocol;
  return std::optional(VlanTag{.tpid = tpid ? ntohs(*tpid) : wire::tpid_customer, .tci = *tci});
}

}  // namespace

Result<std::optional<IpAddress>> parse_address(Bytes payload) {
  const auto parsed = load_with_attributes<ifaddrmsg>(payload, "RTM_NEWADDR");
  if (!parsed) return tl::unexpected(parsed.error());
  const auto& [info, attributes] = *parsed;
  // On point-to-point links IFA_ADDRESS is that of the other end.
  const auto local = attributes.find(IFA_LOCAL);
  return ip_of(local ? local : attributes.find(IFA_ADDRESS), info.ifa_family, "IFA_LOCAL");
}

Result<Link> parse_link(Bytes payload) {
  const auto parsed = load_with_attributes<ifinfomsg>(payload, "RTM_NEWLINK");
  if (!parsed) return tl::unexpected(parsed.error());
  const auto& [info, attributes] = *parsed;
  const auto mac = mac_of(attributes.find(IFLA_ADDRESS));
  Link link{.index = static_cast<std::uint32_t>(info.ifi_index),
            .name = text_of(attributes.find(IFLA_IFNAME).value_or(Bytes())),
            .is_ethernet = info.ifi_type == ARPHRD_ETHER && mac,
            .mac = mac.value_or(MacAddress())};
  const auto vlan = vlan_of(attributes);
  if (!vlan) return tl::unexpected(vlan.error());
  const auto below = attributes.get<std::uint32_t>(IFLA_LINK, "IFLA_LINK");
  if (!below) return tl::unexpected(below.error());
  link.vlan = *vlan;
  if (link.vlan) link.below = *below;
  return link;
}

Result<Route> parse_route(Bytes payload) {
  const auto parsed = load_with_attributes<rtmsg>(payload, "RTM_NEWROUTE");
  if (!parsed) return tl::unexpected(parsed.error());
  const auto& [info, attributes] = *parsed;
  const auto link = attributes.get<std::uint32_t>(RTA_OIF, "RTA_OIF");
  if (!link) return tl::unexpected(link.error());
  auto gateway = ip_of(attributes.find(RTA_GATEWAY), info.rtm_family, "RTA_GATEWAY");
  // A gateway of the other family (RFC 5549).
  if (const auto via = attributes.find(RTA_VIA)) {
    const auto family = load<std::uint16_t>(*via, "RTA_VIA");
    if (!family) return tl::unexpected(family.error());
    gateway = ip_of(via->subspan(sizeof(std::uint16_t)), *family, "RTA_VIA");
  }
  if (!gateway) return tl::unexpected(gateway.error());
  return Route{.is_unicast = info.rtm_type == RTN_UNICAST, .link = link->value_or(0), .gateway = *gateway};
}

Result<std::optional<Neighbour>> parse_neighbour(Bytes payload) {
  const auto parsed = load_with_attributes<ndmsg>(payload, "RTM_NEWNEIGH");
  if (!parsed) return tl::unexpected(parsed.error());
  const auto& [info, attributes] = *parsed;
  const auto found = ip_of(attributes.find(NDA_DST), info.ndm_family, "NDA_DST");
  if (!found) return tl::unexpected(found.error());
  const auto& address = *found;
  if (!address) return std::nullopt;
  Neighbour neighbour{.link = static_cast<std::uint32_t>(info.ndm_ifindex), .address = *address};
  if ((info.ndm_state & kValidNeighbour) != 0) neighbour.mac = mac_of(attributes.find(NDA_LLADDR));
  return std::optional(neighbour);
}

}  // namespace sapulse::kernel
