// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct pair {
  unsigned long a, b;
};
HLS_MODULE ap_uint<32> add(pair p) {  // error: is passed in pieces
  return p.a + p.b;
}
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const pair p = {in.read().to_uint(), 1};
  out.write(add(p));
}
