// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void copy(words& in, words& out) { out.write(in.read()); }

void kernel(words& in, words& second, words& out) {
  words between;
  copy(in, between);
  copy(second, between);  // error: stream 'between' has two writers, 'copy' and 'copy'
  copy(between, out);
}
