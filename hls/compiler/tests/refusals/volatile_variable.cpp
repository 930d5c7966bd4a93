// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  volatile unsigned x = in.read().to_uint();  // error: volatile and atomic accesses are not supported
  out.write(x);
}
