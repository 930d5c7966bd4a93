// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct pair {
  unsigned a, b;
};
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out, pair p) {  // error: is passed in pieces
  out.write(in.read() ^ p.a ^ p.b);
}
