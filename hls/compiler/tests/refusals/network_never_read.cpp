// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void copy(words& in, words& out) { out.write(in.read()); }

void kernel(words& in, words& second, words& out) {
  words between[2];  // error: stream 'between_1' is written by 'copy', but no process reads it
  copy(in, between[1]);
  copy(second, out);
}
