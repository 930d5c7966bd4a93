// SPDX-License-Identifier: Apache-2.0
#include "udp_checksum.h"

#include <gtest/gtest.h>

#include "sapulse_wire.h"

namespace sapulse::model {
namespace {

/// As receivers do (RFC 1071): the sum of the pseudo-header and the datagram, which is 0xffff if nothing has changed.
std::uint32_t sum_of_receiver(const Frame& frame, unsigned tags) {
  const std::size_t ip = wire::ethernet_bytes + std::size_t{wire::vlan_bytes} * tags;
  std::uint32_t sum = static_cast<std::uint32_t>(frame.size() - ip - wire::ipv6_bytes) + wire::protocol_udp;
  for (std::size_t i = ip + wire::ipv6_source; i < frame.size(); i += 2) {
    sum += std::to_integer<std::uint32_t>(frame[i]) << 8;
    if (i + 1 < frame.size()) sum += std::to_integer<std::uint32_t>(frame[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum;
}

std::uint32_t checksum_in(const Frame& frame, unsigned tags) {
  const std::size_t at =
      wire::ethernet_bytes + std::size_t{wire::vlan_bytes} * tags + wire::ipv6_bytes + wire::udp_checksum;
  return std::to_integer<std::uint32_t>(frame[at]) << 8 | std::to_integer<std::uint32_t>(frame[at + 1]);
}

/// Every value of two bytes, so that sums are at the borders, too: 0xffff, and 0x10000 before it is folded.
TEST(UdpChecksum, ReceiversFindItGoodAndNeverAbsent) {
  for (unsigned tags = 0; tags <= 2; ++tags) {
    for (const std::size_t payload : {2U, 3U}) {
      const std::size_t headers =
          wire::ethernet_bytes + std::size_t{wire::vlan_bytes} * tags + wire::ipv6_bytes + wire::udp_bytes;
      for (std::uint32_t word = 0; word <= 0xffff; ++word) {
        Frame frame(headers + payload, std::byte{0});
        frame[headers] = static_cast<std::byte>(word >> 8);
        frame[headers + 1] = static_cast<std::byte>(word & 0xff);
        put_udp_checksum(frame, tags);
        ASSERT_EQ(sum_of_receiver(frame, tags), 0xffffU) << tags << " tags, " << payload << " bytes, " << word;
        ASSERT_NE(checksum_in(frame, tags), 0U) << tags << " tags, " << payload << " bytes, " << word;
      }
    }
  }
}

}  // namespace
}  // namespace sapulse::model
