// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void add(words& in, words& out, word by) { out.write(in.read() + by); }
void kernel(words& in, words& out, word by) {
  words between;
  add(in, between, by);
  add(between, out, by + 1);  // error: argument 'by' of a process is computed in the network
}
