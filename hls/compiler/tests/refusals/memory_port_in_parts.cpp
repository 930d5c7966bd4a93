// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

#include <cstring>

void kernel(const int* words, hls::stream<int>& out) {
#pragma HLS INTERFACE m_axi port = words
  int two[2];
  std::memcpy(two, words, 6);  // error: memory port 'words' is copied in parts of elements
  out.write(two[0]);
}
