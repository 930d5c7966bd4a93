// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// options: --top kernel --clock-mhz 125
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  ap_uint<32> x = in.read(), s = 0;
  while (x != 0) {  // note: the loop is not unrolled
    s ^= x;
    x = (x & 1) ? ap_uint<32>(x >> 3) : ap_uint<32>(x >> 1);
    if (s[3]) x ^= s >> 7;
  }
  out.write(s);
}
