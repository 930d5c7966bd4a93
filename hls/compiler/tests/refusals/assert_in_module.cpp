// SPDX-License-Identifier: Apache-2.0
#include <cassert>

#include "hls_stream.h"

HLS_MODULE ap_uint<8> twice(ap_uint<8> x) {
  assert(x < 128);  // note: the RTL does not check assertions of module functions
  return x << 1;
}

void kernel(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out) { out.write(twice(in.read())); }
