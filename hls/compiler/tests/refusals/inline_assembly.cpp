// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  unsigned x = in.read().to_uint();
  asm("bswap %0" : "+r"(x));  // error: inline assembly is not supported
  out.write(x);
}
