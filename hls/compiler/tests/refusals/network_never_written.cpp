// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void copy(words& in, words& out) { out.write(in.read()); }

void kernel(words& out) {
  words between;  // error: stream 'between' is read by 'copy', but no process writes it
  copy(between, out);
}
