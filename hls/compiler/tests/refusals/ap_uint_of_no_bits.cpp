// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<0> x = in.read();  // clang: ap_uint, ap_int: 1 to 4096 bits
  out.write(x);
}
