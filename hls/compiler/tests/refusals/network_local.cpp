// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  hls::stream<ap_uint<32>, 2> between;
  between.write(in.read());  // error: a stream within a kernel: networks of processes are not supported
  out.write(between.read());
}
