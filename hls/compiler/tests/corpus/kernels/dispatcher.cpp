// SPDX-License-Identifier: Apache-2.0
#include "hls_task.h"
#include "kernels.h"

namespace {

void swap_bytes(hls::stream<ported>& in, hls::stream<ported>& out) {
#pragma HLS PIPELINE II = 1
  const ported p = in.read();
  out.write({(p.word(7, 0), p.word(15, 8)), p.port});
}

void pass_on(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out) {
#pragma HLS PIPELINE II = 1
  out.write(in.read());
}

/// There are three ports.
void deliver(hls::stream<ported>& in, hls::stream<ap_uint<16>> (&out)[3], ap_uint<8>& dropped) {
#pragma HLS PIPELINE II = 1
  static ap_uint<8> lost = 0;
  const ported p = in.read();
  if (p.port < 3) {
    out[p.port].write(p.word);
  } else {
    lost++;
    dropped = lost;
  }
}

/// A network within the network.
void turn_twice(hls::stream<ported>& in, hls::stream<ported>& out) {
#pragma HLS INLINE off
  hls_thread_local hls::stream<ported, 4> between("between");
  hls_thread_local hls::task first(swap_bytes, in, between);
  hls_thread_local hls::task second(swap_bytes, between, out);
}

}  // namespace

void dispatcher(hls::stream<ported>& in, hls::stream<ap_uint<16>> out[3], ap_uint<8>& dropped) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS DATAFLOW
  hls::stream<ported> once, thrice;
  hls::stream<ap_uint<16>> ports[3];
  swap_bytes(in, once);
  turn_twice(once, thrice);
  deliver(thrice, ports, dropped);
  for (int i = 0; i < 3; i++) {
#pragma HLS UNROLL
    pass_on(ports[i], out[i]);
  }
}
