// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// Never returns, and keeps its state in local variables.
void accumulator(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
  ap_uint<16> sum = 0;
  while (true) {
#pragma HLS PIPELINE II = 1
    sum += in.read();
    out.write(sum);
    if (sum[15]) sum = 1;
  }
}
