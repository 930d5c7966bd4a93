// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<65>>& in, hls::stream<ap_uint<1>>& out) {
  out.write(in.read() > 1.5);  // clang: the vendor's header takes the lower 64 bits for floating point numbers
}
