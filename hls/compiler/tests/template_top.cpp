// SPDX-License-Identifier: Apache-2.0
// A template that nothing here instantiates, and one that takes no type but its own.
#include "hls_stream.h"

namespace space {

using word = ap_uint<12>;

template <class T, int N = 3>
ap_uint<8> scale(hls::stream<T>& in, hls::stream<T>& out, T offset) {
  static ap_uint<8> words = 0;
  out.write(in.read() * N + offset);
  return ++words;
}

template <int N>
  requires(N > 2)
void only_large(hls::stream<ap_uint<N>>& in, hls::stream<ap_uint<N>>& out) {
  out.write(in.read());
}

}  // namespace space
