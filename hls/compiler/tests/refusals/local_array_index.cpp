// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  ap_uint<8> t[4];
  for (int i = 0; i < 4; i++) t[i] = x.range(8 * i + 7, 8 * i);
  t[x.range(29, 28).to_uint()] = 7;
  out.write(t[x.range(31, 30).to_uint()]);  // accept
}
