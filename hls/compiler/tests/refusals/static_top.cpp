// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

static void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(in.read());  // accept
}

void caller(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) { kernel(in, out); }
