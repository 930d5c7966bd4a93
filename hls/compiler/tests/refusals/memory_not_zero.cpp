// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static unsigned memory[4] = {1, 2, 3, 4};  // error: memory 'memory' must start as all zeros
  const ap_uint<32> x = in.read();
  const unsigned old = memory[x.range(1, 0).to_uint()];
  memory[x.range(3, 2).to_uint()] = x.to_uint();
  out.write(old);
}
