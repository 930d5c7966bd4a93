// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& more, hls::stream<ap_uint<32>>& out) {
  static ap_uint<32> memory[1024];  // message: the condition for reading
  const ap_uint<32> x = in.read();
  const ap_uint<32> y = memory[x.range(9, 0).to_uint()];
  ap_uint<32> z = 0;
  if (y[0]) z = more.read();
  memory[x.range(19, 10).to_uint()] = x;
  out.write(z);
}
