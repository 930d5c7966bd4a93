// SPDX-License-Identifier: Apache-2.0
// A table and a loop: a constant array becomes a ROM, a loop with a constant number of passes is unrolled.
#include "hls_stream.h"

static const unsigned char ones[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};

void population(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<6>>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  const ap_uint<32> word = in.read();
  ap_uint<6> count = 0;
  for (int i = 0; i < 32; i += 4) count += ones[word(i + 3, i)];
  out.write(count);
}
