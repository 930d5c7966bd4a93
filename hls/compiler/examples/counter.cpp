// SPDX-License-Identifier: Apache-2.0
// A counter: an iteration starts whenever the output has room, so the numbers come one each cycle.
#include "hls_stream.h"

void counter(hls::stream<ap_uint<16>>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static ap_uint<16> n = 0;
  out.write(n++);
}
