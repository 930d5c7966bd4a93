// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct four {
  int part[4];
};

void kernel(hls::stream<ap_uint<2>>& in, const four* words, hls::stream<int>& out) {
#pragma HLS INTERFACE m_axi port = words
  out.write(words[1].part[in.read()]);  // error: an index inside of an element of memory port 'words' is variable
}
