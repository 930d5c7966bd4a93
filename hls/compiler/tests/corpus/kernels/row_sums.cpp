// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// Four words of each of three streams, one stream after the other; their sum is the result, and what is left of it
/// after each stream goes on. The loops have known numbers of passes, and the inner one reads the same stream in each.
ap_uint<24> row_sums(hls::stream<ap_uint<16>> rows[3], hls::stream<ap_uint<24>>& sums) {
#pragma HLS INTERFACE ap_ctrl_none port = return
  ap_uint<24> sum = 0;
  for (int row = 0; row < 3; row++) {
    for (int word = 0; word < 4; word++) {
#pragma HLS PIPELINE II = 1
      sum += rows[row].read();
    }
    sums.write(sum);
  }
  return sum;
}
