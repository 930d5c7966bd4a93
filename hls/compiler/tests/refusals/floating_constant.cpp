// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

const ap_uint<32> cycles_of_a_millisecond = 1.0 / 0.0032 * 1000 + 1;

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(in.read() + cycles_of_a_millisecond);  // accept
}
