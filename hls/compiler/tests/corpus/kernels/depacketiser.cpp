// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// A length, so many words, a trailer with their sum: passes the words on, then says whether the sum is right.
void depacketiser(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out, ap_uint<16>& packets) {
#pragma HLS INTERFACE ap_ctrl_none port = return
  static ap_uint<16> count = 0;
  ap_uint<16> sum = 0;
  const ap_uint<3> length = in.read();
  for (ap_uint<3> i = 0; i < length; i++) {
#pragma HLS PIPELINE II = 1
    const ap_uint<16> word = in.read();
    sum += word;
    out.write(word);
  }
  out.write(in.read() == sum);
  packets = ++count;
}
