// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

#include <cstring>

void kernel(int* words, int n) {
#pragma HLS INTERFACE m_axi port = words
  std::memmove(words, words + 1, n);  // error: memmove of memory port 'words'; write a loop
}
