// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static ap_uint<32> memory[256];
  const ap_uint<32> x = in.read();
  memory[x.range(7, 0).to_uint()] = x;
  memory[x.range(15, 8).to_uint()] = 0;  // error: memory 'memory' may be written twice
  out.write(memory[x.range(23, 16).to_uint()]);
}
