// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<64>>& in, hls::stream<ap_uint<64>>& out) {
  const ap_uint<64> x = in.read();
  out.write((x, x) + 1);  // clang: the vendor's header takes the lower 64 bits of a concatenation here
}
