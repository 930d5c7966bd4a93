// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const float x = in.read().to_int();  // error: floating point is not supported
  out.write(static_cast<int>(x * 1.5F));
}
