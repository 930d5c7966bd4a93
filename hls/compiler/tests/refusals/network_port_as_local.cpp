// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void first(words& in, words& out) { out.write(in.read()); }
static void second(words& in, words& out) { out.write(in.read()); }
void kernel(words& in, words& loop, words& out) {
#pragma HLS DATAFLOW
  first(in, loop);
  second(loop, out);  // error: stream 'loop' is a port of the network and is both read and written
}
