// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// options: --top space::kernel<ap_uint<16>,2>
namespace space {
template <class T, int N>
void kernel(hls::stream<T>& in, hls::stream<T>& out) {
  out.write(in.read() * N);  // accept
}
template void kernel<ap_uint<32>, 2>(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out);
template void kernel<ap_uint<16>, 2>(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out);
}  // namespace space
