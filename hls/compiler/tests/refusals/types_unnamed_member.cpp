// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// options: --types
struct header {  // error: member 'inner' has no named struct type
  struct {
    ap_uint<8> kind;
  } inner;
};
void kernel(hls::stream<header>& in, hls::stream<header>& out) { out.write(in.read()); }
