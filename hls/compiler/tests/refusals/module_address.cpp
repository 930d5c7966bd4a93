// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

HLS_MODULE ap_uint<32> plus(const ap_uint<32>& x) {  // error: a module function can only be called
  return x + 1;
}
ap_uint<32> (*hook)(const ap_uint<32>&) = plus;
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(plus(in.read()));
}
