// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct payload {
  ap_uint<8> bytes[4];
};
void kernel(hls::stream<payload>& in, hls::stream<payload>& out) { out.write(in.read()); }  // accept
