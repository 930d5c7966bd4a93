// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

void kernel(words& in, words& out) {
  static words between("between");
  between.write(in.read());  // error: a network of processes reads and writes no streams itself
  out.write(between.read());
}
