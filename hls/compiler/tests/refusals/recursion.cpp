// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

ap_uint<32> sum(const ap_uint<32>& x) {
  if (x == 0) return 0;
  return ap_uint<32>(x + sum(x - 1));  // error: recursion
}
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(sum(in.read()));
}
