// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  const unsigned v = x.to_uint();
  const unsigned n = x.range(4, 0).to_uint();
  out.write((v << n) | (v >> (32 - n)));  // accept
}
