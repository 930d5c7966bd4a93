// SPDX-License-Identifier: Apache-2.0
// accept
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<512>>& in, hls::stream<ap_uint<16>>& out) {
  const ap_uint<512> x = in.read();
  out.write((x.range(7, 0), x.range(15, 8)) + 0x0800);  // typed as 1,024 bits, of which 16 are there
}
