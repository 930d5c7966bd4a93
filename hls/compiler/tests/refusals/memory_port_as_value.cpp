// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<bool>& in, const int* a, const int* b, hls::stream<int>& out) {
#pragma HLS INTERFACE m_axi port = a
#pragma HLS INTERFACE m_axi port = b
  const int* from = in.read() ? a : b;  // message: memory port 'a' is used as a value; name the port and index it
  out.write(*from);
}
