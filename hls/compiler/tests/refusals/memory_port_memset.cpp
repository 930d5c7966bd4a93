// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

#include <cstring>

void kernel(int* words, int value) {
#pragma HLS INTERFACE m_axi port = words
  std::memset(words, value, 64);  // error: memset of a memory port to a value that is not constant
}
