// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  ap_uint<8> t;  // warning: 't' may be used uninitialised; it is zero then
  if (x[0]) t = 3;
  out.write(t);
}
