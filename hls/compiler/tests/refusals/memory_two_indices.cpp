// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static ap_uint<32> memory[16][16];
  const ap_uint<32> x = in.read();
  out.write(memory[x.range(3, 0).to_uint()][x.range(7, 4).to_uint()]);  // error: array access with two variable indices
  memory[0][x.range(11, 8).to_uint()] = x;
}
