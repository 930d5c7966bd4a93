// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void copy(words& in, words& out) { out.write(in.read()); }

void kernel(words& in, words& out) {
#pragma HLS DATAFLOW
  words a, b;
  copy(in, a);
  copy(in, b);  // error: stream 'in' has two readers, 'copy' and 'copy'
  copy(a, out);
}
