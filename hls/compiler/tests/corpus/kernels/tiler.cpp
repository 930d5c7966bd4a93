// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// The fields of so many rows: a loop with a known number of passes in one without.
void tiler(hls::stream<ap_uint<3>>& in, hls::stream<field>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
  const ap_uint<3> rows = in.read();
  for (ap_uint<3> row = 0; row < rows; row++) {
    for (ap_uint<3> column = 0; column < 5; column++) {
#pragma HLS PIPELINE II = 1
      out.write({row, column});
    }
  }
}
