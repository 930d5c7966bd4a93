// SPDX-License-Identifier: Apache-2.0
// Timers of connections: set and cleared by requests; while there are none, one of them a pass comes closer to its end.
#include "hls_stream.h"

struct timer_request {
  ap_uint<5> connection;
  ap_uint<3> time;  ///< 0: cleared
};

void timer_table(hls::stream<timer_request>& requests, hls::stream<ap_uint<5>>& expired) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static ap_uint<3> left[32];
  static ap_uint<5> at = 0;
  if (!requests.empty()) {
    const timer_request r = requests.read();
    left[r.connection] = r.time;
    return;
  }
  const ap_uint<3> t = left[at];
  if (t == 1 && !expired.full()) expired.write(at);
  if (t > 1 || (t == 1 && !expired.full())) left[at] = t - 1;
  at++;
}
