// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct both {
  ap_uint<32> count;
  ap_uint<32> words[64];
};
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static both state;
  const ap_uint<32> x = in.read();
  state.words[x.range(5, 0).to_uint()] = x;
  state.count = state.count + 1;  // error: unsupported access to 'state'
  out.write(state.count);
}
