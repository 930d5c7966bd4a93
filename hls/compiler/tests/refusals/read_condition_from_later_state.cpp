// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& more, hls::stream<ap_uint<32>>& out) {
  static ap_uint<32> memory[1024];
  static ap_uint<1> turn = 0;  // message: which does not fit stage 0
  const ap_uint<32> x = in.read();
  ap_uint<32> y = 0;
  if (turn) y = more.read();
  turn = turn ^ ap_uint<1>(memory[x.range(9, 0).to_uint()][0]);
  memory[x.range(19, 10).to_uint()] = x;
  out.write(y);
}
