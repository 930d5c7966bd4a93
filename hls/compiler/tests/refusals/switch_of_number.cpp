// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<3>>& in, hls::stream<ap_uint<8>>& out) {
  switch (in.read()) {
    case 1:
      out.write(7);
      break;
    default:
      out.write(8);  // accept
  }
}
