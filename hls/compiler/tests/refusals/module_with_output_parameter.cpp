// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

HLS_MODULE ap_uint<32> split(const ap_uint<32>& x, ap_uint<32>& y) {  // error: parameter 'y' of a module function can be written through
  y = x >> 1;
  return x + 1;
}
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  ap_uint<32> y = 0;
  const ap_uint<32> x = split(in.read(), y);
  out.write(x ^ y);
}
