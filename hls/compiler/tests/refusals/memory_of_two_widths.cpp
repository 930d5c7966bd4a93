// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static unsigned memory[64];
  const ap_uint<32> x = in.read();
  memory[x.range(5, 0).to_uint()] = x.to_uint();
  out.write(reinterpret_cast<unsigned char*>(memory)[x.range(13, 6).to_uint()]);  // error: is accessed with different widths
}
