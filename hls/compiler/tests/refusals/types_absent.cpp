// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// options: --types
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(in.read());  // message: the bitcode describes no types
}
