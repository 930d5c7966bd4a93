// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

namespace {

/// The letters of an octet string, as hexadecimal digits.
HLS_MODULE ap_uint<16> digits_of(const ap_uint<8>& x) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  static const unsigned char digits[16] = {'0', '1', '2', '3', '4', '5', '6', '7',
                                           '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
#pragma HLS BIND_STORAGE variable = digits type = rom_2p impl = bram
  return (ap_uint<8>(digits[x.range(7, 4).to_uint()]), ap_uint<8>(digits[x.range(3, 0).to_uint()]));
}

}  // namespace

/// Tables in block RAM, in the kernel and in a module function: three reads of one side by side, one behind the other,
/// and one of another table. The number of words is no power of two.
void transliterator(hls::stream<ap_uint<24>>& in, hls::stream<ap_uint<64>>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static const unsigned short cubes[40] = {0,     1,     8,     27,    64,    125,   216,   343,   512,   729,
                                           1000,  1331,  1728,  2197,  2744,  3375,  4096,  4913,  5832,  6859,
                                           8000,  9261,  10648, 12167, 13824, 15625, 17576, 19683, 21952, 24389,
                                           27000, 29791, 32768, 35937, 39304, 42875, 46656, 50653, 54872, 59319};
#pragma HLS BIND_STORAGE variable = cubes type = rom_1p impl = BRAM
  const ap_uint<24> x = in.read();
  const ap_uint<16> a = cubes[x.range(4, 0).to_uint()], b = cubes[x.range(12, 8).to_uint()],
                    c = cubes[x.range(20, 16).to_uint()];
  const ap_uint<16> d = cubes[(a ^ b ^ c).range(4, 0).to_uint()];
  out.write((digits_of(d.range(7, 0)), d, ap_uint<16>(a + b), c));
}
