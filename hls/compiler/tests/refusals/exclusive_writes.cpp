// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  if (x.range(3, 0) == 1) out.write(x);
  if (x.range(3, 0) == 2) out.write(x + 1);  // accept
}
