// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using quad = unsigned __attribute__((vector_size(16)));
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const unsigned x = in.read().to_uint();
  const quad a = {x, x >> 1, x >> 2, x >> 3};
  const quad b = a * a + a;  // message: unsupported type
  out.write(b[0] ^ b[1] ^ b[2] ^ b[3]);
}
