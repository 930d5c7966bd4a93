// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  ap_uint<8> t[4][4];
  for (int i = 0; i < 16; i++) t[i / 4][i % 4] = x.range(i + 7, i);
  out.write(t[x.range(1, 0).to_uint()][x.range(3, 2).to_uint()]);  // error: array access with two variable indices
}
