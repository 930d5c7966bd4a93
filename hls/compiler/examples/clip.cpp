// SPDX-License-Identifier: Apache-2.0
// A function of a word and of scalars, which are inputs of the module.
#include "hls_stream.h"

void clip(hls::stream<ap_int<16>>& in, hls::stream<ap_int<16>>& out, ap_int<16> offset, ap_int<16> limit) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  const ap_int<17> sum = in.read() + offset;
  out.write(sum > limit ? ap_int<17>(limit) : sum);
}
