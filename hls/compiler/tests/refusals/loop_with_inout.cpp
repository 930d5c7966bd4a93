// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out, ap_uint<8>& n) {
  for (ap_uint<32> x = in.read(); x != 0; x = in.read()) {
    out.write(x);
    n++;  // message: in a kernel with a loop that is not unrolled; use a static variable and write the parameter once
  }
}
