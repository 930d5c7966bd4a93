// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// Sums up words whose number comes first, and offers the sum until it is taken.
void framer(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  enum state_t : unsigned char { length, body, send };
  static state_t state = length;
  static ap_uint<3> left = 0;
  static ap_uint<16> sum = 0;
  switch (state) {
    case length:
      left = in.read();
      sum = 0;
      state = left == 0 ? send : body;
      break;
    case body:
      sum += in.read();
      if (--left == 0) state = send;
      break;
    case send:
      if (out.write_nb(sum)) state = length;
      break;
  }
}
