// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

unsigned elsewhere(unsigned x);
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(elsewhere(in.read().to_uint()));  // error: call of external function
}
