// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct collected {
  ap_uint<4> words;
  ap_uint<128> data;
};
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<128>>& out) {
  static collected c;
  const int lo = 32 * c.words.range(1, 0).to_int();
  c.data.range(lo + 31, lo) = in.read();
  c.words = c.words + 1;
  if (c.words.range(1, 0) == 0) out.write(c.data);  // accept
}
