// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<int>& out, int length) {
#pragma HLS INTERFACE m_axi port = length  // error: INTERFACE m_axi: 'length' is no parameter that is a pointer or an array
  out.write(length);
}
