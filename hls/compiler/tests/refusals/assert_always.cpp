// SPDX-License-Identifier: Apache-2.0
#include <cassert>

#include "hls_stream.h"

void kernel(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out) {
  out.write(in.read());
  assert(false);  // error: an assertion that fails in every iteration
}
