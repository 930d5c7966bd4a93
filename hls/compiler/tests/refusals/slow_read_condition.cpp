// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<512>>& in, hls::stream<ap_uint<32>>& more, hls::stream<ap_uint<32>>& out) {
  const ap_uint<512> x = in.read();
  ap_uint<32> y = 0;
  const bool wanted = x.range(511, 256) + x.range(255, 0) < x.range(383, 128);  // error: which decides about a read in stage 0
  if (wanted) y = more.read();
  out.write(y);
}
