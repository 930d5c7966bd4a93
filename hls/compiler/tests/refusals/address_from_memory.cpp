// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static ap_uint<10> memory[1024];
  const ap_uint<32> x = in.read();
  const ap_uint<10> next = memory[x.range(9, 0).to_uint()];
  const ap_uint<10> after = memory[next.to_uint()];  // message: the address depends on
  memory[x.range(19, 10).to_uint()] = after + 1;
  out.write(after);
}
