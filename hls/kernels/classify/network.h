// SPDX-License-Identifier: Apache-2.0
// IPv4 and IPv6.
#pragma once

#include "classify/link.h"
#include "classify/options.h"
#include "common/checksum.h"

namespace sapulse {

/// What an IP protocol number means here; at most one is set.
struct protocol_t {
  ap_uint<1> esp, ah, udp, fragment, hop_by_hop, destination_options;
};

inline protocol_t classify_protocol(const ap_uint<8>& number) {
  using namespace wire;
  const protocol_t r = {number == protocol_esp,        number == protocol_ah,
                        number == protocol_udp,        number == protocol_fragment,
                        number == protocol_hop_by_hop, number == protocol_destination_options};
  return r;
}

struct network_t {
  l3_t l3;
  ap_uint<1> valid;     ///< version and header length make sense and the chain of headers can be followed
  ap_uint<1> fragment;  ///< IPv4 only
  ap_uint<1> checksum_wrong;
  ap_uint<1> source_unusable;
  ap_uint<1> mapped_destination;  ///< ::ffff:0:0/96 as an IPv6 address
  protocol_t protocol;
  ap_uint<5> words;    ///< size of IP header and options in units of 4 bytes
  ap_uint<17> length;  ///< of the packet, as its header says
};

inline ap_uint<1> ipv4_checksum_wrong(const ap_uint<8 * network_bytes>& packet, const ap_uint<4>& header_words) {
  ap_uint<16> words[30] = {};
  for (int i = 0; i < 30; i++) {
#pragma HLS UNROLL
    words[i] = i / 2 < header_words ? get_be<2>(packet, 2 * i) : ap_uint<16>(0);
  }
  const ap_uint<21> sum = ones_sum<30>::add(words);
  const ap_uint<17> once = ap_uint<16>(sum.range(15, 0)) + ap_uint<5>(sum.range(20, 16));
  const ap_uint<16> folded = ap_uint<16>(once.range(15, 0)) + ap_uint<1>(once.range(16, 16));
  return folded != 0xffff;
}

inline network_t parse_ipv4(const ap_uint<8 * network_bytes>& packet) {
  using namespace wire;
  network_t r = {};
  const ap_uint<8> first = byte_at(packet, 0);
  const ap_uint<4> header_words = first.range(3, 0);
  const ap_uint<32> source = get_be<4>(packet, ipv4_source);
  const ap_uint<48> mapped = 0xffff00000000ULL;  // ::ffff:a.b.c.d
  r.l3.v6 = 0;
  r.l3.dscp = byte_at(packet, 1).range(7, 2);
  r.l3.src = mapped | source;
  r.l3.dst = mapped | get_be<4>(packet, ipv4_destination);
  r.valid = first.range(7, 4) == 4 && header_words >= ipv4_bytes / 4;
  r.fragment = (get_be<2>(packet, ipv4_fragment) & ipv4_fragment_mask) != 0;
  r.checksum_wrong = ipv4_checksum_wrong(packet, header_words);
  const ap_uint<8> source_net = source.range(31, 24);
  r.source_unusable = source_net == 0 || source_net == 127 || source.range(31, 28) == 0xe || source == 0xffffffffu;
  r.protocol = classify_protocol(byte_at(packet, ipv4_protocol));
  r.protocol.fragment = 0;
  r.protocol.hop_by_hop = r.protocol.destination_options = 0;
  r.words = header_words;
  r.length = get_be<2>(packet, ipv4_total_length);
  return r;
}

/// Where a chain of options headers ends.
struct chain_t {
  protocol_t protocol;  ///< that follows it; none if the chain is too long
  ap_uint<4> units;     ///< size of the chain, 8 bytes each
  ap_uint<1> valid;     ///< its options may be skipped
};

/// Every 8-byte unit behind the IPv6 header is taken for an options header, then the chain is walked: `at[u]` says that
/// an options header begins at unit u. Hop-by-hop options are first or nowhere (RFC 8200 section 4.1).
inline chain_t walk_headers(const ap_uint<8 * network_bytes>& packet, const protocol_t& first) {
#ifdef SAPULSE_NATIVE_GCM
  // Hardware always walks; a processor need not, and most packets have no options.
  if (!(first.hop_by_hop | first.destination_options)) return {first, 0, 1};
#endif
  using namespace wire;
  protocol_t next[options_units] = {};
  ap_uint<options_units> size_is[options_units] = {};  // bit s: the header at this unit has s + 1 units
  for (int u = 0; u < options_units; u++) {
#pragma HLS UNROLL
    const int at = ipv6_bytes + ipv6_option_unit * u;
    next[u] = classify_protocol(byte_at(packet, at));
    const ap_uint<8> more = byte_at(packet, at + 1);
    for (int s = 0; s < options_units; s++) {
#pragma HLS UNROLL
      size_is[u][s] = more == s;
    }
  }
  ap_uint<options_units> at = 0;
  ap_uint<options_units + 1> ends = 0;  // bit u: a header ends before unit u
  at[0] = first.hop_by_hop | first.destination_options;
  for (int u = 1; u <= options_units; u++) {
#pragma HLS UNROLL
    ap_uint<1> ends_here = 0, begins = 0;
    for (int p = 0; p < u; p++) {
#pragma HLS UNROLL
      const ap_uint<1> reaches = at[p] & size_is[p][u - p - 1];
      ends_here |= reaches;
      begins |= reaches & next[p].destination_options;
    }
    ends[u] = ends_here;
    if (u < options_units) at[u] = begins;
  }
  chain_t r = {first, 0, skip_options(bytes_at<ipv6_options_max>(packet, ipv6_bytes), at, ends)};
  for (int u = 0; u < options_units; u++) {
#pragma HLS UNROLL
    ap_uint<1> fits = 0;
    for (int s = 0; s < options_units - u; s++) {
#pragma HLS UNROLL
      const ap_uint<1> last = at[u] & size_is[u][s] & ~next[u].destination_options;
      if (last) r.units |= ap_uint<4>(u + s + 1);
      fits |= last;
    }
    r.protocol.esp |= fits & next[u].esp;
    r.protocol.ah |= fits & next[u].ah;
    r.protocol.udp |= fits & next[u].udp;
    r.protocol.fragment |= fits & next[u].fragment;
  }
  r.protocol.hop_by_hop = r.protocol.destination_options = 0;
  return r;
}

/// ::ffff:0:0/96 (RFC 4291 section 2.5.5.2), which no packet on a wire may have (RFC 6890).
inline ap_uint<1> ipv4_mapped(const ap_uint<128>& address) {
  return address.range(127, 80) == 0 && address.range(79, 48) == 0 && address.range(47, 32) == 0xffff;
}

inline network_t parse_ipv6(const ap_uint<8 * network_bytes>& packet) {
  using namespace wire;
  network_t r = {};
  const ap_uint<128> source = get_be<16>(packet, ipv6_source);
  const chain_t chain = walk_headers(packet, classify_protocol(byte_at(packet, ipv6_next_header)));
  r.l3.v6 = 1;
  r.l3.dscp = get_be<2>(packet, 0).range(11, 6);
  r.l3.src = source;
  r.l3.dst = get_be<16>(packet, ipv6_destination);
  r.valid = byte_at(packet, 0).range(7, 4) == 6 && chain.valid;
  // :: and ::1. The halves are joined first: as a comparison of 128 bits, compilers turn the conditions into one long
  // subtraction.
  const ap_uint<64> any = source.range(127, 64) | (ap_uint<63>(source.range(63, 1)), ap_uint<1>(0));
  r.source_unusable = any == 0 || source.range(127, 120) == 0xff || ipv4_mapped(source);
  r.mapped_destination = ipv4_mapped(r.l3.dst);
  r.protocol = chain.protocol;
  r.words = ipv6_bytes / 4 + (ap_uint<5>(chain.units) << 1);
  r.length = get_be<2>(packet, ipv6_payload_length) + ipv6_bytes;
  return r;
}

inline network_t parse_network(const link_t& link) {
  const network_t v4 = parse_ipv4(link.packet), v6 = parse_ipv6(link.packet);
  network_t r = link.ipv6 ? v6 : v4;
  if (!link.ipv4 && !link.ipv6) r.valid = 0;
  return r;
}

}  // namespace sapulse
