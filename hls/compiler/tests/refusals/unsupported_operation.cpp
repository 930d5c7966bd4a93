// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(in.read() ^ static_cast<unsigned>(__builtin_readcyclecounter()));  // error: unsupported operation
}
