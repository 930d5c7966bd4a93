// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// flags: -fexceptions
unsigned elsewhere(unsigned x);
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  ap_uint<32> x = in.read();
  try {
    x = elsewhere(x.to_uint());  // error: exceptions are not supported
  } catch (...) {
    x = 0;
  }
  out.write(x);
}
