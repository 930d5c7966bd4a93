// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static ap_uint<128> sum = 0;
  sum = sum + in.read();  // error: the recurrence of sum
  out.write(sum.range(127, 96));
}
