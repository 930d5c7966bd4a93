// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void copy(words& in, words& out) { out.write(in.read()); }

void kernel(words& in, words& unused, words& out) {  // error: stream 'unused' is never read nor written
#pragma HLS DATAFLOW
  copy(in, out);
}
