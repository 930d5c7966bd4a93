// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "hls_stream.h"

void kernel(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out) {
  std::vector<int> all;
  all.push_back(in.read());  // error: exceptions are not supported
  out.write(all[0]);
}
