// SPDX-License-Identifier: Apache-2.0
// A struct as payload: the first member is in the least significant bits. Only some words are written.
#include "hls_stream.h"

struct packet {
  ap_uint<8> kind, length;
  ap_uint<16> port;
};

void filter(hls::stream<packet>& in, hls::stream<packet>& out, ap_uint<16> port) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  packet p = in.read();
  if (p.port == port || p.kind == 0) {
    p.length = p.length > 64 ? ap_uint<8>(64) : p.length;
    out.write(p);
  }
}
