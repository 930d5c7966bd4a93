// SPDX-License-Identifier: Apache-2.0
// Two inputs, one of which is read, and a module function, which is scheduled once and used twice.
#include "hls_stream.h"

HLS_MODULE ap_uint<16> mixed(const ap_uint<16>& a, const ap_uint<16>& key) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  const ap_uint<16> x = (a ^ key) + (key >> 3);
  return (x << 5) ^ (x >> 11) ^ (a & key);
}

void choose(hls::stream<ap_uint<1>>& which, hls::stream<ap_uint<16>>& a, hls::stream<ap_uint<16>>& b,
            hls::stream<ap_uint<16>>& out, ap_uint<16> key) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  if (which.read()) {
    out.write(mixed(a.read(), key));
  } else {
    out.write(mixed(b.read(), ~key));
  }
}
