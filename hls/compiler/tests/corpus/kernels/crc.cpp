// SPDX-License-Identifier: Apache-2.0
// CRC-32 of Ethernet over as many bytes as a stream of lengths says.
#include "hls_stream.h"

void crc(hls::stream<ap_uint<6>>& lengths, hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<32>>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
  const int length = lengths.read();
  ap_uint<32> rest = 0xffffffff;
  for (int i = 0; i < length; i++) {
#pragma HLS PIPELINE II = 1
    rest ^= in.read();
    for (int bit = 0; bit < 8; bit++) {
#pragma HLS UNROLL
      rest = rest[0] ? ap_uint<32>((rest >> 1) ^ 0xedb88320) : ap_uint<32>(rest >> 1);
    }
  }
  out.write(~rest);
}
