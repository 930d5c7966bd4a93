// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// options: --types
struct header {  // error: 'reg' is a reserved word of SystemVerilog
  ap_uint<8> reg;
};
void kernel(hls::stream<header>& in, hls::stream<header>& out) { out.write(in.read()); }
