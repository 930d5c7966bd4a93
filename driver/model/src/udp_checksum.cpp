// SPDX-License-Identifier: Apache-2.0
#include "udp_checksum.h"

#include <cstdint>

#include "sapulse_wire.h"

namespace sapulse::model {

void put_udp_checksum(Frame& frame, unsigned tags) {
  using namespace wire;
  const std::size_t ip = ethernet_bytes + std::size_t{vlan_bytes} * tags;
  const std::size_t udp = ip + ipv6_bytes;
  // The pseudo-header: addresses, which stand right before the datagram, its length and protocol.
  std::uint64_t sum = frame.size() - udp + protocol_udp;
  for (std::size_t i = ip + ipv6_source; i < frame.size(); ++i) {
    const auto byte = std::to_integer<std::uint64_t>(frame[i]);
    sum += (i - ip) % 2 == 0 ? byte << 8 : byte;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  const std::uint64_t checksum = sum == 0xffff ? 0xffff : 0xffff - sum;  // 0 would say that there is none
  frame[udp + udp_checksum] = static_cast<std::byte>(checksum >> 8);
  frame[udp + udp_checksum + 1] = static_cast<std::byte>(checksum & 0xff);
}

}  // namespace sapulse::model
