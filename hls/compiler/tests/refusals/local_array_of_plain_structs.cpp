// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct plain {
  unsigned words[40];
};
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  const ap_uint<32> x = in.read();
  plain t[4];
  for (unsigned i = 0; i < 4; i++) t[i] = {{x.to_uint() + i, i}};
  t[x.range(3, 2).to_uint()] = t[x.range(1, 0).to_uint()];  // error: variable index into a local array of structs
  out.write(t[0].words[0] ^ t[1].words[1]);
}
