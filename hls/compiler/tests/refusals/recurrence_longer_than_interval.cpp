// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

HLS_MODULE ap_uint<64> scramble(const ap_uint<64>& x) {
  ap_uint<64> r = x;
  for (int i = 0; i < 8; i++) r = r + (r >> 7);
  return r;
}
// options: --top kernel --ii 2
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static ap_uint<64> y = 0;
  const ap_uint<32> x = in.read();
  y = scramble(y ^ x);  // error: the recurrence of y takes
  out.write(y.range(31, 0));
}
