// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void copy(words& in, words& out) { out.write(in.read()); }

void kernel(words& in, words& out) {
  words between;
#pragma HLS STREAM variable = between depth = unknown  // error: depth 'unknown' of stream 'between' is not a number
  copy(in, between);
  copy(between, out);
}
