// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct payload {
  ap_uint<1> a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q;
};
void kernel(hls::stream<payload>& in, hls::stream<payload>& out) { out.write(in.read()); }  // clang: more than 16 members
