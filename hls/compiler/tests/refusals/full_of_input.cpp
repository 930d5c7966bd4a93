// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  if (!in.full()) out.write(x);  // error: stream 'in' is both read and written
}
