// SPDX-License-Identifier: Apache-2.0
// A kernel without output streams, and so without queues.
#include "ap_int.h"
#include "hls_stream.h"

void last_word(hls::stream<ap_uint<8>>& in, ap_uint<8>* last) { *last = in.read(); }
