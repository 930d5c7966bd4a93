// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

void kernel(words&, words&) {  // error: a network without processes
#pragma HLS DATAFLOW
}
