// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// Eight words in, the same words from the last to the first out; one with the highest bit set ends a block early.
void reverser(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
  ap_uint<16> block[8];
  ap_uint<4> size = 0;
  for (ap_uint<4> i = 0; i < 8; i++) {
#pragma HLS PIPELINE II = 1
    in.read(block[i]);
    size++;
    if (block[i][15]) break;
  }
  do {
#pragma HLS PIPELINE II = 1
    out.write(block[--size]);
  } while (size != 0);
}
