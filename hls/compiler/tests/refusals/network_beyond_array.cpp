// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

using word = ap_uint<32>;
using words = hls::stream<word>;

static void take(words (&in)[3], words& out) {
  for (int i = 0; i < 3; i++) {
    if (!in[i].empty()) (void)in[i].read();
  }
  out.write(0);
}
static void give(words (&out)[2]) {
  out[0].write(1);
  out[1].write(2);
}
void kernel(words& out) {
  words between[2];
  give(between);
  take(reinterpret_cast<words(&)[3]>(between), out);  // error: stream 'between_2' is beyond the end of its array of 2
}
