// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  static ap_uint<32> a = 1, b = 2;
  const ap_uint<32> x = in.read();
  ap_uint<32>* p = &a;
  out.write(reinterpret_cast<unsigned long>(p) + x.to_uint() + b.to_uint());  // error: pointers cannot be used as values
}
