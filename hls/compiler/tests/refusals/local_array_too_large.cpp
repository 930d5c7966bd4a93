// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  ap_uint<32> t[300];
  for (int i = 0; i < 300; i++) t[i] = x + i;
  out.write(t[x.range(7, 0).to_uint()]);  // error: make it static for a memory
}
