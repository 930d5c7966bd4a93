// SPDX-License-Identifier: Apache-2.0
#include "sa_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace sapulse::lab {
namespace {

constexpr std::uint32_t kFirstIpv4 = 0xc0000201;  // 192.0.2.1 (RFC 5737)
// SPIs: node (5 bits), link (7), SA (20), each counted from 1.
constexpr unsigned kNodeShift = 27;
constexpr unsigned kLinkShift = 20;
constexpr std::uint32_t kSaMask = (1U << kLinkShift) - 1;
constexpr std::size_t kAes128Bytes = 16;
constexpr std::size_t kAes256Bytes = 32;

template <class Secret>
Secret random_secret(std::mt19937_64& random, std::size_t size) {
  std::array<std::uint8_t, kAes256Bytes> bytes{};
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() >> 56);
  return Secret(std::span(bytes).first(size));
}

SaDirection make_direction(std::uint32_t spi, std::size_t sa, std::mt19937_64& random) {
  SaDirection direction;
  direction.spi = spi;
  direction.key = random_secret<Key>(random, sa % 2 == 0 ? kAes128Bytes : kAes256Bytes);
  direction.salt = random_secret<Salt>(random, wire::salt_bytes);
  return direction;
}

SaParameters make_end(const LinkSpec& link, NodeIndex own, NodeIndex peer) {
  SaParameters end;
  end.local = address_of(own, link.ipv6);
  end.peer = address_of(peer, link.ipv6);
  end.path = Path{.own_mac = mac_of(own), .peer_mac = mac_of(peer), .encapsulation = link.encapsulation};
  end.liveness = link.liveness;
  end.next = 1;  // the key is fresh
  return end;
}

}  // namespace

IpAddress address_of(NodeIndex node, bool ipv6) {
  if (!ipv6) return IpAddress::v4(kFirstIpv4 + static_cast<std::uint32_t>(node));
  return *IpAddress::parse(fmt::format("2001:db8::{:x}", node + 1));  // RFC 3849
}

MacAddress mac_of(NodeIndex node) { return MacAddress({0x02, 0x5a, 0, 0, 0, static_cast<std::uint8_t>(node + 1)}); }

std::uint32_t spi_to(NodeIndex node, std::size_t link, std::size_t sa) {
  return static_cast<std::uint32_t>((node + 1) << kNodeShift | (link + 1) << kLinkShift | (sa + 1));
}

std::size_t sa_number(std::uint32_t spi) { return (spi & kSaMask) - 1U; }

SaPair make_pair(const Scenario& scenario, std::size_t link, std::size_t sa, std::mt19937_64& random) {
  const LinkSpec& spec = scenario.links[link];
  SaPair pair{make_end(spec, spec.first, spec.second), make_end(spec, spec.second, spec.first)};
  const SaDirection to_first = make_direction(spi_to(spec.first, link, sa), sa, random);
  const SaDirection to_second = make_direction(spi_to(spec.second, link, sa), sa, random);
  pair.first.in = pair.second.out = to_first;
  pair.first.out = pair.second.in = to_second;
  for (SaParameters* end : {&pair.first, &pair.second}) {
    std::ranges::copy(random_secret<DeviceSecret>(random, wire::token_nonce_bytes).bytes(),
                      end->token_nonce.emplace().begin());
  }
  pair.first.name = pair.second.name =
      fmt::format("{}-{}/{}", scenario.nodes[spec.first].name, scenario.nodes[spec.second].name, sa);
  return pair;
}

}  // namespace sapulse::lab
