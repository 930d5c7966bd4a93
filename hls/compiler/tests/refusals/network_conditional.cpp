// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void copy(words& in, words& out) { out.write(in.read()); }

void kernel(words& in, words& out, bool twice) {
  words between;
  copy(in, between);
  if (twice) copy(between, out);  // error: process 'copy' is called under a condition or in a loop that is not unrolled
}
