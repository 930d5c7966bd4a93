// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct two {
  int a, b;
};

void kernel(hls::stream<bool>& in, const two* words, hls::stream<int>& out) {
#pragma HLS INTERFACE m_axi port = words
  const bool first = in.read();
  const int* p = first ? &words[1].b : &words[2].b;  // error: a pointer into an element of memory port 'words' is kept
  out.write(*p);
}
