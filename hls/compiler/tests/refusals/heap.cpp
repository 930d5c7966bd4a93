// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  int* p = new int[4];  // error: heap memory is not supported
  p[0] = in.read().to_int();
  out.write(p[0]);
}
