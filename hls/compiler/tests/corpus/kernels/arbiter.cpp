// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// Takes turns between two inputs that have something.
void arbiter(hls::stream<ap_uint<24>>& a, hls::stream<ap_uint<24>>& b, hls::stream<granted>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static bool b_is_next = false;
  const bool from_a = !a.empty() && (!b_is_next || b.empty());
  if (from_a) {
    out.write({a.read(), 0});
    b_is_next = true;
  } else if (!b.empty()) {
    out.write({b.read(), 1});
    b_is_next = false;
  }
}
