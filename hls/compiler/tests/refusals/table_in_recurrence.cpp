// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<4>>& in, hls::stream<ap_uint<4>>& out) {
  static const unsigned char table[16] = {6, 4, 12, 5, 0, 7, 2, 14, 1, 15, 3, 13, 8, 10, 9, 11};
#pragma HLS BIND_STORAGE variable = table type = rom_1p impl = bram
  static ap_uint<4> y = 0;
  const ap_uint<4> x = in.read();
  y = table[(x ^ y).to_uint()];  // error: 'table' is in block RAM, which takes a cycle, and is part of a recurrence
  out.write(y);
}
