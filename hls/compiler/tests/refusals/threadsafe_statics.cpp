// SPDX-License-Identifier: Apache-2.0
// flags: -fthreadsafe-statics
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  static ap_uint<32> first = x + 1;  // error: guards of static variables for threads
  out.write(x ^ first);
}
