// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, ap_uint<32>* words) {
  words[1] = in.read();  // error: parameter 'words' is used as an array; a memory port needs '#pragma HLS INTERFACE m_axi port=words'
}
