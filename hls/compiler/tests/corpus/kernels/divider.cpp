// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// Quotient and remainder by subtracting as often as it goes.
void divider(hls::stream<division>& in, hls::stream<division>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
  const division d = in.read();
  division result = {0, d.a};
  if (d.b != 0) {
    while (result.b >= d.b) {
      result.b -= d.b;
      result.a++;
    }
  }
  out.write(result);
}
