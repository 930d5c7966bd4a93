// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out) { out.write(in.read()); }  // accept

int main() {
  hls::stream<ap_uint<8>> in("in"), out;
  in.write(1);
  kernel(in, out);
  return static_cast<int>(out.read());
}
