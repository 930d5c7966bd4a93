// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(const int* words, hls::stream<int>& out) {
#pragma HLS INTERFACE m_axi port = words max_read_burst_length = 512  // error: max_read_burst_length '512' of memory port 'words' is not a number from 1 to 256 that is known here
  out.write(words[0]);
}
