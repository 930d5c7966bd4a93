// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// A frame of one to seven words for each order. As in many a state machine, what a state does not need is left out:
/// members that are never set, a switch without default, a variable that is looked at where nothing was read into it.
void announcer(hls::stream<announcement>& orders, hls::stream<narrow_beat>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static ap_uint<3> left = 0;
  static ap_uint<16> number = 0;
  announcement order;
  narrow_beat beat;
  if (left == 0) {
    orders.read(order);
    left = order.words;
    number++;
  }
  switch (left) {  // NOLINT(bugprone-switch-missing-default-case): what this kernel is about
    case 1:
      beat.data = number;
      beat.keep = 3;
      beat.last = 1;
      break;
    case 2:
    case 3:
      beat.data(15, 0) = order.value;
      beat.keep = 15;
      break;
    case 7:
      beat.data(31, 8) = order.value;
      beat.keep[order.value & 3] = true;
      break;
  }
  if (left != 0) out.write(beat);
  if (left != 0) left--;
  if (order.value == 0xffff) number = 0;
}
