// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct three {
  int a, b, c;
};

void kernel(const three* words, hls::stream<int>& out) {  // error: memory port 'words' has elements of 12 bytes; sizes that are powers of two up to 128
#pragma HLS INTERFACE m_axi port = words
  out.write(words[0].b);
}
