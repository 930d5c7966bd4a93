// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out, ap_uint<32>& result) {
  result = in.read();
  out.write(result);  // accept
}
