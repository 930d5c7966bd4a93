// SPDX-License-Identifier: Apache-2.0
// The filter in the kernel that lets only packets under a reserved SPI come up.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace sapulse::net {

/// Classic BPF for a packet socket: takes unfragmented IPv4 and IPv6, a VLAN tag in the frame besides that which the
/// kernel has taken out, with ESP or AH under SPI 1..255, or UDP to `udp_port` whose payload begins with a word
/// of 1..255. Which addresses are local is for the card to say.
[[nodiscard]] std::vector<sock_filter> reserved_filter(std::uint16_t udp_port);

}  // namespace sapulse::net
