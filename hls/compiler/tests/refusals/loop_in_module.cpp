// SPDX-License-Identifier: Apache-2.0
#include "hls_module.h"
#include "hls_stream.h"

HLS_MODULE ap_uint<32> halved(ap_uint<32> x) {
  while (x[0] == 0) x = x[5] ? ap_uint<32>(x >> 1) : ap_uint<32>(x >> 3);  // message: loop without a constant trip count
  return x;
}

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) { out.write(halved(in.read())); }
