// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void count(words& in, words& out, word& total) {
  out.write(in.read());
  total = total + 1;
}
void kernel(words& in, words& out, word& total) {
  words between;
  count(in, between, total);
  count(between, out, total);  // error: parameter 'total' is the same variable as one of another process
}
