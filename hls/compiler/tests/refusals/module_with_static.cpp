// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

HLS_MODULE ap_uint<32> count(const ap_uint<32>& x) {
  static ap_uint<32> n;
  n += x;  // message: is not pure: it uses the variable
  return n;
}
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(count(in.read()));
}
