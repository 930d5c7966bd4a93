// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

HLS_MODULE ap_uint<32> get(hls::stream<ap_uint<32>>& s) {  // error: a module function cannot have streams
  return s.read();
}
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(get(in));
}
