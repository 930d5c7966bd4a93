// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(const int* a, short* b) {
#pragma HLS INTERFACE m_axi port = a
#pragma HLS INTERFACE m_axi port = b  // error: memory ports 'a' and 'b' share bundle 'gmem', but their elements have 4 and 2 bytes
  for (int i = 0; i < 16; i++) b[i] = a[i];
}
