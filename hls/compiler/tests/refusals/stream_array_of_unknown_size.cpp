// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

void kernel(words* in, words& out) {
  static ap_uint<2> next = 0;
  out.write(in[next].read());  // error: variable index into the array of streams 'in', whose size is not known
  next++;
}
