// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct word {
  ap_uint<32> data;
  ap_uint<8> of[2];
};

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<word>& out) {
  word w;  // warning: 'w_of_1' may be used uninitialised
  w.data = in.read();
  w.of[0] = 1;
  out.write(w);
}
