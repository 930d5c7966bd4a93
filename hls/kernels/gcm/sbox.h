// SPDX-License-Identifier: Apache-2.0
// S-box of AES (FIPS 197 section 5.1.1), in one of two places:
//
//   block RAM (as it comes)   two S-boxes are a RAM of 18 Kb, which takes the place of the register between two rounds
//   SAPULSE_LUT_SBOX          some 40 LUTs each, for cards that have no block RAM to spare
#pragma once

#include "ap_int.h"
#include "hls_module.h"

namespace sapulse {

/// Product in GF(2^8) (section 4.2).
constexpr unsigned product_of_bytes(unsigned a, unsigned b) {
  unsigned product = 0;
  for (; b != 0; b >>= 1, a = (a << 1) ^ (a & 0x80 ? 0x11b : 0)) product ^= b & 1 ? a : 0;
  return product;
}

/// The substitute by its definition: the inverse in GF(2^8), x^254 = x^2 * x^4 * ... * x^128, and an affine
/// transformation.
constexpr unsigned substitute_of(unsigned x) {
  unsigned inverse = 1;
  for (int i = 1; i < 8; i++) {
    x = product_of_bytes(x, x);
    inverse = product_of_bytes(inverse, x);
  }
  unsigned sum = 0x63 ^ inverse;
  for (int shift = 1; shift <= 4; shift++) sum ^= (inverse << shift | inverse >> (8 - shift)) & 0xff;
  return sum;
}

/// Substitute of each byte in the low byte, and that times x, which MixColumns adds to others, in the high one if
/// wanted.
template <class Word>
struct substitutes {
  Word of[256];
  constexpr substitutes() : of() {
    for (unsigned x = 0; x < 256; x++) {
      const unsigned once = substitute_of(x);
      of[x] = static_cast<Word>(product_of_bytes(once, 2) << 8 | once);
    }
  }
};

HLS_MODULE inline ap_uint<8> sub_byte_in_luts(const ap_uint<8>& x) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  static constexpr substitutes<unsigned char> table;
  return table.of[x];
}

/// The same in block RAM, with that times x.
inline ap_uint<16> sub_byte_in_block_ram(const ap_uint<8>& x) {
  static constexpr substitutes<unsigned short> table;
#pragma HLS BIND_STORAGE variable = table type = rom_2p impl = bram
  return table.of[x];
}

/// Multiplication by x in GF(2^8) (section 4.2.1).
inline ap_uint<8> xtime(const ap_uint<8>& b) { return ap_uint<8>(b << 1) ^ (b[7] ? 0x1b : 0x00); }

/// What a round makes of a byte: its substitute, and that times x.
struct substitute {
  ap_uint<8> once, twice;
};

inline substitute sub_byte(const ap_uint<8>& x) {
#ifdef SAPULSE_LUT_SBOX
  const ap_uint<8> once = sub_byte_in_luts(x);
  return {once, xtime(once)};
#else
  const ap_uint<16> both = sub_byte_in_block_ram(x);
  return {both.range(7, 0), both.range(15, 8)};
#endif
}

}  // namespace sapulse
