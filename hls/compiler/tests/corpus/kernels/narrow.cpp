// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// 64 bits to 32; a beat whose upper half is empty becomes one.
void narrow(hls::stream<wide_beat>& in, hls::stream<narrow_beat>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static bool upper = false;
  static wide_beat held = {};
  narrow_beat beat = {};
  if (upper) {
    beat.data = held.data.range(63, 32);
    beat.keep = held.keep.range(7, 4);
    beat.last = held.last;
    upper = false;
  } else {
    held = in.read();
    beat.data = held.data.range(31, 0);
    beat.keep = held.keep.range(3, 0);
    upper = held.keep[4];
    beat.last = held.last && !upper;
  }
  beat.strb = beat.keep;
  beat.user = held.user;
  out.write(beat);
}
