// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out,
            hls::stream<ap_uint<32>>& side) {  // message: stream 'side' is never read nor written
  const ap_uint<32> x = in.read();
  if (x[0] && !x[0]) side.write(x);
  out.write(x);
}
