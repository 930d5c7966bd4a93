// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// Adds words up; tells the sum, what is above a limit, and the number of words so far.
ap_uint<8> meter(hls::stream<ap_uint<16>>& in, ap_uint<16> limit, const ap_uint<2>& shift, ap_uint<24>& total,
                 excess* above, ap_uint<6>& level) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static ap_uint<24> sum = 0;
  static ap_uint<8> count = 0;
  const ap_uint<16> x = in.read();
  sum += x >> shift;
  total = sum;
  if (x > limit) {
    above->word = x;
    above->by = x - limit;
  }
  if (x[0]) level = level + 1;
  return ++count;
}
