// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
#pragma HLS PIPELINE II = DISTANCE  // note: II is not a number from 1 to 1024
  out.write(in.read());
}
