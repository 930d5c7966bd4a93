// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

static const ap_uint<200> mask("0xf0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0");

void kernel(hls::stream<ap_uint<200>>& in, hls::stream<ap_uint<200>>& out) {
  out.write((in.read() & mask) ^ ap_uint<129>("-1"));  // accept
}
