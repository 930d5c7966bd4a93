// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_int<1> x = in.read()[0];  // clang: ap_int: 2 to 4096 bits; for one bit use ap_uint<1>
  out.write(x);
}
