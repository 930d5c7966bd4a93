// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void copy(words& in, words& out) { out.write(in.read()); }

int kernel(words& in, words& out) {  // error: a network of processes returns nothing
  words between;
  copy(in, between);
  copy(between, out);
  return 0;
}
