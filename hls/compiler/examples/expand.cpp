// SPDX-License-Identifier: Apache-2.0
// A loop with a bound that is known at run time takes an iteration, a cycle, for each pass.
#include "hls_stream.h"

struct run {
  ap_uint<4> length;
  ap_uint<8> value;
};

void expand(hls::stream<run>& in, hls::stream<ap_uint<8>>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
  const run r = in.read();
  for (ap_uint<4> i = 0; i < r.length; i++) {
#pragma HLS PIPELINE II = 1
    out.write(r.value);
  }
}
