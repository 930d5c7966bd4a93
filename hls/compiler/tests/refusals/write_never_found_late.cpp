// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out,
            hls::stream<ap_uint<32>>& side) {  // message: stream 'side' is never read nor written
  static ap_uint<1> armed = 0;  // stays zero, which takes more than one iteration to see
  const ap_uint<32> x = in.read();
  if (armed) side.write(x);
  armed = armed & ap_uint<1>(x[0]);
  out.write(x);
}
