// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  unsigned a[4], b[4];
  for (unsigned i = 0; i < 4; i++) {
    a[i] = x.to_uint() + i;
    b[i] = x.to_uint() - i;
  }
  unsigned* chosen = x[0] ? a : b;
  chosen[x.range(2, 1).to_uint()] = 1;  // message: local variable that cannot be kept in registers
  out.write(a[0] ^ b[1] ^ a[2] ^ b[3]);
}
