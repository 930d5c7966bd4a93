// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  auto* nowhere = static_cast<hls::stream<ap_uint<32>>*>(nullptr);
  nowhere->write(in.read());  // error: a stream must be a reference parameter of the top function
  out.write(0);
}
