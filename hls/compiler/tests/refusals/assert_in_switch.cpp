// SPDX-License-Identifier: Apache-2.0
#include <cassert>

#include "hls_stream.h"

void kernel(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out) {
  const ap_uint<8> x = in.read();
  switch (x.to_uint()) {
    case 1:
    case 7:
      out.write(x);
      break;
    case 2:
      assert(false);
      break;
    default:
      assert(x > 100);  // accept
      out.write(0);
  }
}
