// SPDX-License-Identifier: Apache-2.0
// AXI4-Stream with side channels: ports tdata, tkeep, tstrb and tlast. Numbers the packets in their first word.
#include "ap_axi_sdata.h"
#include "hls_stream.h"

using beat = ap_axiu<32>;

void number_packets(hls::stream<beat>& in, hls::stream<beat>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static bool first = true;
  static ap_uint<8> number = 0;
  beat b = in.read();
  if (first) b.data(31, 24) = number++;
  first = b.last;
  out.write(b);
}
