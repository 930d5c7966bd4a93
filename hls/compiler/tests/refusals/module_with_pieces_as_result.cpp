// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct pair {
  unsigned char a;
  unsigned b;
};
HLS_MODULE pair split(const ap_uint<32>& x) {  // error: the result of a module function is returned in pieces
  return {static_cast<unsigned char>(x.to_uint()), x.to_uint()};
}
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const pair p = split(in.read());
  out.write(p.a ^ p.b);
}
