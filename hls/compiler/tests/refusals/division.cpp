// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const unsigned x = in.read().to_uint();
  out.write(x / 10U);  // error: division is not supported
}
