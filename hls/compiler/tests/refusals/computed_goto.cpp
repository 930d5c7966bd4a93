// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static const void* const targets[2] = {&&first, &&second};
  const ap_uint<32> x = in.read();
  goto* targets[x[0]];  // error: pointers cannot be used as values
first:
  out.write(x);
  return;
second:
  out.write(~x);
}
