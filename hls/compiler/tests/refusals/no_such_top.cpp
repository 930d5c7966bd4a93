// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// options: --top other
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(in.read());  // message: no function 'other' in the bitcode
}
