// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

/// Answers requests for one address; everything else disappears.
void arp_responder(hls::stream<arp_packet>& in, hls::stream<arp_packet>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  const arp_packet request = in.read();
  if (request.asks_for(arp_address)) out.write(request.answer(arp_mac));
}
