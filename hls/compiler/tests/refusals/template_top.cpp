// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

template <int W>
void kernel(hls::stream<ap_uint<W>>& in, hls::stream<ap_uint<W>>& out) {
  out.write(in.read());  // accept
}

template void kernel<32>(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out);
