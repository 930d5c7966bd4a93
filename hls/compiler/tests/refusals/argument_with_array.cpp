// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct settings {
  ap_uint<32> words[4];
};
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out, const settings& s) {
  out.write(in.read() ^ s.words[0]);  // accept
}
