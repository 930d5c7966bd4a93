// SPDX-License-Identifier: Apache-2.0
// Kernels that use the language as kernels from elsewhere do, each native against RTL at two clocks.
#pragma once

#include "hls_stream.h"

struct granted {
  ap_uint<24> word;
  ap_uint<1> from;  ///< 0: a, 1: b
};
void arbiter(hls::stream<ap_uint<24>>& a, hls::stream<ap_uint<24>>& b, hls::stream<granted>& out);

void framer(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out);

struct packet_word {
  ap_uint<16> data;
  ap_uint<1> last;
};
void checksum_inserter(hls::stream<packet_word>& in, hls::stream<packet_word>& out);

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
