// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct settings {
  const ap_uint<32>* word;
};
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out,
            const settings& s) {  // message: is not supported here (ap_uint, ap_int, C integers, enums, arrays and structs of those)
  out.write(in.read() ^ *s.word);
}
