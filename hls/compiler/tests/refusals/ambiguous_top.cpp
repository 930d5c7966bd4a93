// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

namespace a {
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) { out.write(in.read()); }
}  // namespace a
namespace b {
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) { out.write(in.read()); }  // error: is ambiguous, as there is
}  // namespace b
