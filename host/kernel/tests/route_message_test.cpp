// SPDX-License-Identifier: Apache-2.0
#include "route_message.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "kernel_messages.h"

namespace sapulse::kernel::test {
namespace {

using testing::HasSubstr;

constexpr MacAddress::Bytes kMac{2, 0, 0, 0, 0, 9};
const std::vector<std::uint8_t> kV4{203, 0, 113, 7};

std::vector<std::uint8_t> payload_of(RequestBuilder builder) {
  const auto message = builder.finish(0);
  return {message.begin() + sizeof(nlmsghdr), message.end()};
}

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

/// Attributes without a header around them.
std::vector<std::uint8_t> nested(RequestBuilder builder) { return payload_of(std::move(builder)); }

TEST(RouteMessage, TellsAddressesOfThisHost) {
  ifaddrmsg info{};
  info.ifa_family = AF_INET;
  // Point to point: IFA_ADDRESS is the other end.
  const auto message =
      payload_of(RequestBuilder(RTM_NEWADDR, 0).put(info).put(IFA_ADDRESS, counting(4)).put(IFA_LOCAL, kV4));
  EXPECT_EQ(*parse_address(message), ip("203.0.113.7"));
  info.ifa_family = AF_INET6;
  const auto v6 = payload_of(RequestBuilder(RTM_NEWADDR, 0).put(info).put(IFA_ADDRESS, ip("2001:db8::5").bytes()));
  EXPECT_EQ(*parse_address(v6), ip("2001:db8::5"));
}

TEST(RouteMessage, TellsLinksAndTheirVlans) {
  ifinfomsg info{};
  info.ifi_index = 4;
  info.ifi_type = ARPHRD_ETHER;
  const auto data = nested(
      RequestBuilder(0, 0).put_value(IFLA_VLAN_ID, std::uint16_t{100}).put_value(IFLA_VLAN_PROTOCOL, htons(0x88a8)));
  const auto kind = nested(RequestBuilder(0, 0).put(IFLA_INFO_KIND, bytes_of("vlan")).put(IFLA_INFO_DATA, data));
  const auto link = parse_link(payload_of(RequestBuilder(RTM_NEWLINK, 0)
                                              .put(info)
                                              .put(IFLA_IFNAME, bytes_of("eth0.100"))
                                              .put(IFLA_ADDRESS, kMac)
                                              .put_value(IFLA_LINK, std::uint32_t{2})
                                              .put(IFLA_LINKINFO, kind)));
  ASSERT_TRUE(link.has_value()) << link.error().message;
  EXPECT_EQ(link->index, 4U);
  EXPECT_EQ(link->name, "eth0.100");
  EXPECT_TRUE(link->is_ethernet);
  EXPECT_EQ(link->mac, MacAddress(kMac));
  EXPECT_EQ(link->vlan, (VlanTag{.tpid = 0x88a8, .tci = 100}));
  EXPECT_EQ(link->below, 2U);
  info.ifi_type = ARPHRD_NONE;
  EXPECT_FALSE(parse_link(payload_of(RequestBuilder(RTM_NEWLINK, 0).put(info)))->is_ethernet);
}

TEST(RouteMessage, TellsGatewaysOfBothFamilies) {
  rtmsg info{};
  info.rtm_family = AF_INET;
  info.rtm_type = RTN_UNICAST;
  auto builder = RequestBuilder(RTM_NEWROUTE, 0).put(info).put_value(RTA_OIF, std::uint32_t{3});
  const auto on_link = parse_route(payload_of(builder));
  EXPECT_TRUE(on_link->is_unicast);
  EXPECT_EQ(on_link->link, 3U);
  EXPECT_FALSE(on_link->gateway.has_value());
  EXPECT_EQ(parse_route(payload_of(RequestBuilder(builder).put(RTA_GATEWAY, kV4)))->gateway, ip("203.0.113.7"));
  std::vector<std::uint8_t> via{AF_INET6, 0};
  const auto v6 = ip("fe80::1").bytes();
  via.insert(via.end(), v6.begin(), v6.end());
  EXPECT_EQ(parse_route(payload_of(RequestBuilder(builder).put(RTA_VIA, via)))->gateway, ip("fe80::1"));
  info.rtm_type = RTN_UNREACHABLE;
  EXPECT_FALSE(parse_route(payload_of(RequestBuilder(RTM_NEWROUTE, 0).put(info)))->is_unicast);
}

TEST(RouteMessage, ANeighbourThatIsNotValidHasNoAddress) {
  for (const auto& [state, valid] : {std::pair{NUD_REACHABLE, true},
                                     {NUD_STALE, true},
                                     {NUD_PERMANENT, true},
                                     {NUD_INCOMPLETE, false},
                                     {NUD_FAILED, false}}) {
    ndmsg info{};
    info.ndm_family = AF_INET;
    info.ndm_ifindex = 3;
    info.ndm_state = static_cast<std::uint16_t>(state);
    const auto neighbour =
        parse_neighbour(payload_of(RequestBuilder(RTM_NEWNEIGH, 0).put(info).put(NDA_DST, kV4).put(NDA_LLADDR, kMac)));
    ASSERT_TRUE(neighbour.has_value() && neighbour->has_value());
    EXPECT_EQ((*neighbour)->link, 3U);
    EXPECT_EQ((*neighbour)->address, ip("203.0.113.7"));
    EXPECT_EQ((*neighbour)->mac.has_value(), valid) << state;
  }
}

TEST(RouteMessage, SaysWhatIsMalformed) {
  rtmsg info{};
  info.rtm_family = AF_INET;
  EXPECT_THAT(
      parse_route(payload_of(RequestBuilder(RTM_NEWROUTE, 0).put(info).put(RTA_GATEWAY, counting(6)))).error().message,
      HasSubstr("RTA_GATEWAY: 6 bytes, must be 4"));
  EXPECT_THAT(parse_neighbour(counting(3)).error().message, HasSubstr("RTM_NEWNEIGH: 3 bytes"));
  EXPECT_THAT(parse_link(counting(5)).error().message, HasSubstr("RTM_NEWLINK: 5 bytes"));
  EXPECT_THAT(parse_address({}).error().message, HasSubstr("RTM_NEWADDR: 0 bytes"));
}

}  // namespace
}  // namespace sapulse::kernel::test
