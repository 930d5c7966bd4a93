// SPDX-License-Identifier: Apache-2.0
// Ethernet and VLAN tags.
#pragma once

#include "classify/window.h"
#include "sapulse_payloads.h"
#include "sapulse_wire.h"

namespace sapulse {

/// Behind IP header and options: AH, or UDP and ESP, control header and the nested packet's SPI, sequence number and
/// IV.
constexpr int transport_bytes = 16 + wire::control_bytes + wire::nested_ciphertext;

/// Bytes of the network layer that are looked at.
constexpr int network_bytes = wire::ipv6_bytes + wire::ipv6_options_max + transport_bytes;

struct link_t {
  l2_t l2;
  ap_uint<1> ipv4, ipv6;
  ap_uint<5> offset;                  ///< of the network layer
  ap_uint<8 * network_bytes> packet;  ///< network layer
};

inline link_t parse_link(const window_t& w) {
  using namespace wire;
  ap_uint<1> tagged[vlan_tags_max] = {0, 0}, ipv4[vlan_tags_max + 1] = {0, 0, 0}, ipv6[vlan_tags_max + 1] = {0, 0, 0};
  for (int i = 0; i <= vlan_tags_max; i++) {
#pragma HLS UNROLL
    const ap_uint<16> type = get_be<2>(w.bytes, ethertype_offset + vlan_bytes * i);
    if (i < vlan_tags_max) tagged[i] = type == tpid_customer || type == tpid_service;
    ipv4[i] = type == ethertype_ipv4;
    ipv6[i] = type == ethertype_ipv6;
  }
  link_t r = {};
  r.l2.dst = get_be<6>(w.bytes, 0);
  r.l2.src = get_be<6>(w.bytes, mac_bytes);
  r.l2.tags = 0;
  r.ipv4 = ipv4[0];
  r.ipv6 = ipv6[0];
  r.packet = w.bytes.range(8 * (ethernet_bytes + network_bytes) - 1, 8 * ethernet_bytes);
  for (int i = 1; i <= vlan_tags_max; i++) {
#pragma HLS UNROLL
    const ap_uint<1> here = i == 1 ? tagged[0] : tagged[0] & tagged[1];
    if (here) {
      r.l2.tags = i;
      r.ipv4 = ipv4[i];
      r.ipv6 = ipv6[i];
      const int start = ethernet_bytes + vlan_bytes * i;
      r.packet = w.bytes.range(8 * (start + network_bytes) - 1, 8 * start);
    }
  }
  r.l2.tag0 = r.l2.tags == 0 ? ap_uint<32>(0) : get_be<4>(w.bytes, ethertype_offset);
  r.l2.tag1 = r.l2.tags != 2 ? ap_uint<32>(0) : get_be<4>(w.bytes, ethertype_offset + vlan_bytes);
  r.offset = ethernet_bytes + vlan_bytes * r.l2.tags;
  return r;
}

}  // namespace sapulse
