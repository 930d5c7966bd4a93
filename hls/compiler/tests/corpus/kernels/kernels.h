// SPDX-License-Identifier: Apache-2.0
// Kernels that use the language as kernels from elsewhere do, each native against RTL at two clocks.
#pragma once

#include "ap_axi_sdata.h"
#include "hls_stream.h"

struct granted {
  ap_uint<24> word;
  ap_uint<1> from;  ///< 0: a, 1: b
};
void arbiter(hls::stream<ap_uint<24>>& a, hls::stream<ap_uint<24>>& b, hls::stream<granted>& out);

void framer(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out);

void relay(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out);

struct packet_word {
  ap_uint<16> data;
  ap_uint<1> last;
};
void checksum_inserter(hls::stream<packet_word>& in, hls::stream<packet_word>& out);

struct ethernet_header {
  ap_uint<48> destination, source;
  ethernet_header() : destination(0), source(0) {}
};
struct arp_host {
  ap_uint<48> mac = 0;
  unsigned char ip[4] = {};
};
class arp_packet : public ethernet_header {
 public:
  ap_uint<16> operation = 0;
  arp_host hosts[2];  ///< sender, target

  bool asks_for(const unsigned char (&ip)[4]) const {
    bool same = operation == 1;
    for (int i = 0; i < 4; i++) same &= hosts[1].ip[i] == ip[i];
    return same;
  }
  arp_packet answer(const ap_uint<48>& mac) const {
    arp_packet p;
    p.destination = source;
    p.source = mac;
    p.operation = 2;
    p.hosts[0] = hosts[1];
    p.hosts[0].mac = mac;
    p.hosts[1] = hosts[0];
    return p;
  }
};
inline constexpr unsigned char arp_address[4] = {192, 0, 2, 7};
inline constexpr unsigned long long arp_mac = 0x02005e100007;
void arp_responder(hls::stream<arp_packet>& in, hls::stream<arp_packet>& out);

struct excess {
  ap_uint<16> word, by;
};
ap_uint<8> meter(hls::stream<ap_uint<16>>& in, ap_uint<16> limit, const ap_uint<2>& shift, ap_uint<24>& total,
                 excess* above, ap_uint<6>& level);

using wide_beat = ap_axiu<64, 4>;
using narrow_beat = ap_axiu<32, 4>;
void narrow(hls::stream<wide_beat>& in, hls::stream<narrow_beat>& out);

void depacketiser(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out, ap_uint<16>& packets);

void reverser(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out);

struct division {
  ap_uint<8> a, b;  ///< dividend and divisor, or quotient and remainder
};
void divider(hls::stream<division>& in, hls::stream<division>& out);

struct field {
  ap_uint<3> row, column;
};
void tiler(hls::stream<ap_uint<3>>& in, hls::stream<field>& out);

void accumulator(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out);

struct announcement {
  ap_uint<3> words;
  ap_uint<16> value;
};
void announcer(hls::stream<announcement>& orders, hls::stream<narrow_beat>& out);

struct sequenced {
  ap_uint<32> window;
  ap_uint<8> first;
};
void sequencer(hls::stream<ap_uint<8>>& in, hls::stream<sequenced>& out);

struct flow_request {
  ap_uint<1> by_slot;
  ap_uint<9> slot;
  ap_uint<32> key;
  ap_uint<16> amount;
};
struct flow_answer {
  ap_uint<32> key, count;
};
void flow_table(hls::stream<flow_request>& in, hls::stream<flow_answer>& out);

inline constexpr int sum_first_longest = 40;
void sum_first(hls::stream<packet_word>& in, hls::stream<packet_word>& out, ap_uint<16> offset);

struct ported {
  ap_uint<16> word;
  ap_uint<2> port;
};
void port_handler(hls::stream<ap_uint<16>> in[4], hls::stream<ported>& out);
void dispatcher(hls::stream<ported>& in, hls::stream<ap_uint<16>> out[3], ap_uint<8>& dropped);

void transliterator(hls::stream<ap_uint<24>>& in, hls::stream<ap_uint<64>>& out);
