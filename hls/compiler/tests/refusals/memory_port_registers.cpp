// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(const int* words, hls::stream<int>& out) {
#pragma HLS INTERFACE m_axi port = words offset = slave  // note: no AXI4-Lite registers are made: the address of 'words' is an input
  out.write(words[0]);
}
