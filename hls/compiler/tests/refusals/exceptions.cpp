// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// flags: -fexceptions
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  if (x == 0) throw 1;  // error: exceptions are not supported
  out.write(x);
}
