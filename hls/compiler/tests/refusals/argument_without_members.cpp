// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct settings {};
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out, const settings&) {  // error: type without members
  out.write(in.read());
}
