// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  const ap_uint<32> y = in.read();  // error: second read of stream 'in'
  out.write(x ^ y);
}
