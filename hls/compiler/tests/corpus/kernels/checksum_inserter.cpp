// SPDX-License-Identifier: Apache-2.0
#include <cassert>
#include <cstdio>
#include <iostream>

#include "kernels.h"

/// Puts the Internet checksum of the first nine words of a packet into its tenth, which has to be zero.
void checksum_inserter(hls::stream<packet_word>& in, hls::stream<packet_word>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  constexpr int place = 9;
  static ap_uint<4> position = 0;
  static ap_uint<16> sum = 0;
  packet_word w = in.read();
  if (position < place) {
    const ap_uint<17> s = sum + w.data;
    sum = s.range(15, 0) + s[16];
  } else if (position == place) {
    if (w.data != 0) {
      std::printf("checksum %x\n", w.data.to_uint());
      std::cerr << "not zero: " << std::hex << w.data
                << std::endl;  // NOLINT(performance-avoid-endl): as written elsewhere
    }
    assert(w.data == 0 && "no checksum yet");
    w.data = ~sum;
  }
  if (w.last) {
    position = 0;
    sum = 0;
  } else if (position <= place) {
    position++;
  }
  out.write(w);
}
