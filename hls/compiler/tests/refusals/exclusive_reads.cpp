// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static ap_uint<2> state = 0;
  ap_uint<32> x = 0;
  if (state == 0) {
    x = in.read();
  } else if (state < 3) {
    x = in.read() + 1;  // accept
  }
  state = x;
  out.write(x);
}
