// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// The sum takes three cycles, as many as there are.
// accept
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
#pragma HLS PIPELINE style = frp II = 3
  static ap_uint<64> sum = 0;
  sum = (sum + in.read()) ^ (sum + 7);
  sum = sum + 3;
  out.write(sum.range(63, 32));
}
