// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<70>>& in, hls::stream<ap_uint<8>>& out) {
  static const ap_uint<8> table[4] = {1, 2, 3, 4};
  out.write(table[in.read() & 3]);  // clang: index_of_70_bits.cpp:6:19: error: attempt to use a deleted function: more than 64 bits; use to_int(), to_uint64() or range()
}
