// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  if (x[0] && !out.full()) out.write(x);
  if (!x[0]) out.write(x + 1);  // error: stream 'out' may be written where full() is true
}
