// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

namespace {

/// Drops what is too long for its port.
template <int Port>
void police(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out) {
#pragma HLS PIPELINE II = 1
  static ap_uint<8> taken = 0;
  const ap_uint<16> length = in.read();
  if (length < 0x4000 * (Port + 1)) {
    out.write(length + taken);
    taken++;
  }
}

/// Looks at one port after the other.
void merge(hls::stream<ap_uint<16>> in[4], hls::stream<ported>& out) {
#pragma HLS PIPELINE II = 1
  static ap_uint<2> turn = 0;
  if (!in[turn].empty()) out.write({in[turn].read(), turn});
  turn++;
}

}  // namespace

void port_handler(hls::stream<ap_uint<16>> in[4], hls::stream<ported>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS DATAFLOW
  hls::stream<ap_uint<16>, 8> accepted[4];
  police<0>(in[0], accepted[0]);
  police<1>(in[1], accepted[1]);
  police<2>(in[2], accepted[2]);
  police<3>(in[3], accepted[3]);
  merge(accepted, out);
}
