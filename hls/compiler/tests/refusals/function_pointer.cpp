// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

unsigned plus(unsigned x) { return x + 1; }
unsigned minus(unsigned x) { return x - 1; }
unsigned (*const volatile table[2])(unsigned) = {plus, minus};
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  out.write(table[x[0]](x.to_uint()));  // error: indirect call
}
