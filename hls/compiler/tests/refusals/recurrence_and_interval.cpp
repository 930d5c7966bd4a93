// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static ap_uint<64> sum = 0;
  sum = (sum + in.read()) ^ (sum + 7);
  sum = sum + 3;  // error: II 3 would do, or a clock of
  out.write(sum.range(63, 32));
}
