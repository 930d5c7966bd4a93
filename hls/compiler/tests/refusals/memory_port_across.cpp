// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(const int* words, hls::stream<long long>& out) {
#pragma HLS INTERFACE m_axi port = words
  out.write(*reinterpret_cast<const long long*>(words + 2));  // error: memory port 'words' is accessed across its elements
}
