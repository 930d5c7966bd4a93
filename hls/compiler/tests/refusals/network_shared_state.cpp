// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void count(words& in, words& out) {
  static word n = 0;
  out.write(in.read() + n++);
}
void kernel(words& in, words& out) {
  words between;
  count(in, between);
  count(between, out);  // error: process 'count' has static variables and is called more than once
}
