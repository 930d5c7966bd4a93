// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

HLS_MODULE void nothing(const ap_uint<32>& x) { (void)x; }  // error: a module function must return a value
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  nothing(x);
  out.write(x);
}
