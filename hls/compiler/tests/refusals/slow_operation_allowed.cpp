// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// options: --top kernel --allow-slow
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  out.write(x.range(31, 16) * x.range(15, 0));  // warning: by itself needs
}
