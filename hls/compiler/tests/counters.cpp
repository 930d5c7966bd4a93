// SPDX-License-Identifier: Apache-2.0
// Counters of type int, in loops that are not unrolled: up to a parameter, down from a word, in steps, within each
// other.
#include "hls_stream.h"

void counters(hls::stream<ap_uint<8>>& in, hls::stream<ap_int<16>>& out, ap_uint<12> n) {
  ap_int<16> sum = 0;
  for (int up = 0; up < n; up++) {
#pragma HLS PIPELINE II = 2
    sum += in.read();
    if (up == 20) break;
  }
  out.write(sum);
  for (int down = in.read() & 7; down >= 0; down--) out.write(in.read() + down);
  for (int rows = -3; rows < 3; rows++) {
    for (unsigned columns = 0; columns < 20; columns += 7) out.write(in.read() + rows - ap_int<9>(columns));
  }
}
