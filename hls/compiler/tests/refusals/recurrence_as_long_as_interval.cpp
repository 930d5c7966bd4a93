// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// A word is read from the address that was read before: as long as II 3 may take.
// accept
// options: --top kernel --ii 3
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static ap_uint<10> memory[1024];
  const ap_uint<32> x = in.read();
  const ap_uint<10> next = memory[x.range(9, 0).to_uint()];
  const ap_uint<10> after = memory[next.to_uint()];
  memory[x.range(19, 10).to_uint()] = after + 1;
  out.write(after);
}
