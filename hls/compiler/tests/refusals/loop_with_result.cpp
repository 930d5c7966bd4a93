// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

int kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {  // message: the result of a kernel with a loop
  int n = 0;
  for (ap_uint<32> x = in.read(); x != 0; x = in.read()) {
    out.write(x);
    n++;
  }
  return n;
}
