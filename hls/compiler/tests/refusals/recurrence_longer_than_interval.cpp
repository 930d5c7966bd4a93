// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

HLS_MODULE ap_uint<64> hash(const ap_uint<64>& x) {
  const ap_uint<64> a = x + (x << 5), b = a + (a >> 9);
  return b + (b << 3);
}

// options: --top kernel --ii 2
void kernel(hls::stream<ap_uint<64>>& in, hls::stream<ap_uint<64>>& out) {
  static ap_uint<64> chain = 0;
  chain = hash(chain ^ in.read());  // error: the recurrence of chain takes 3 cycles; one iteration starts every 2; II
  out.write(chain);
}
