// SPDX-License-Identifier: Apache-2.0
// A memory: an array with a variable index, one read and one write of it each cycle.
#include "hls_stream.h"

struct seen {
  ap_uint<8> value;
  ap_uint<16> times;
};

void histogram(hls::stream<ap_uint<8>>& in, hls::stream<seen>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static ap_uint<16> times[256];
  const ap_uint<8> value = in.read();
  out.write({value, times[value]++});
}
