// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void count(words& in, words& out, word& total) {
  out.write(in.read());
  total = total + 1;
}
void kernel(words& in, words& out) {
  words between;
  word total = 0;
  count(in, between, total);  // error: parameter 'total' is a variable of the network; processes share nothing
  count(between, out, total);
}
