// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(in.read() ^ ap_uint<32>("0xg"));  // clang: non-constexpr function 'no_number' cannot be used in a constant expression
}
