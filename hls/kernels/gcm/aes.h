// SPDX-License-Identifier: Apache-2.0
// AES-128 and AES-256 in counter direction (FIPS 197), one pipeline for both: four blocks and their key at a time.
// Byte i of the state (FIPS 197 figure 3: row i mod 4, column i / 4) and of keys is bits [8*i+7 : 8*i].
#pragma once

#include "ap_int.h"
#include "common/bytes.h"
#include "hls_module.h"
#include "sapulse_payloads.h"

#ifdef SAPULSE_NATIVE_GCM
#include "gcm/native.h"
#endif

namespace sapulse {

/// S-box (FIPS 197 section 5.1.1).
HLS_MODULE inline ap_uint<8> sub_byte(const ap_uint<8>& x) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  static const unsigned char table[256] = {
      0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30, 0x01, 0x67, 0x2b, 0xfe, 0xd7, 0xab, 0x76, 0xca, 0x82, 0xc9,
      0x7d, 0xfa, 0x59, 0x47, 0xf0, 0xad, 0xd4, 0xa2, 0xaf, 0x9c, 0xa4, 0x72, 0xc0, 0xb7, 0xfd, 0x93, 0x26, 0x36, 0x3f,
      0xf7, 0xcc, 0x34, 0xa5, 0xe5, 0xf1, 0x71, 0xd8, 0x31, 0x15, 0x04, 0xc7, 0x23, 0xc3, 0x18, 0x96, 0x05, 0x9a, 0x07,
      0x12, 0x80, 0xe2, 0xeb, 0x27, 0xb2, 0x75, 0x09, 0x83, 0x2c, 0x1a, 0x1b, 0x6e, 0x5a, 0xa0, 0x52, 0x3b, 0xd6, 0xb3,
      0x29, 0xe3, 0x2f, 0x84, 0x53, 0xd1, 0x00, 0xed, 0x20, 0xfc, 0xb1, 0x5b, 0x6a, 0xcb, 0xbe, 0x39, 0x4a, 0x4c, 0x58,
      0xcf, 0xd0, 0xef, 0xaa, 0xfb, 0x43, 0x4d, 0x33, 0x85, 0x45, 0xf9, 0x02, 0x7f, 0x50, 0x3c, 0x9f, 0xa8, 0x51, 0xa3,
      0x40, 0x8f, 0x92, 0x9d, 0x38, 0xf5, 0xbc, 0xb6, 0xda, 0x21, 0x10, 0xff, 0xf3, 0xd2, 0xcd, 0x0c, 0x13, 0xec, 0x5f,
      0x97, 0x44, 0x17, 0xc4, 0xa7, 0x7e, 0x3d, 0x64, 0x5d, 0x19, 0x73, 0x60, 0x81, 0x4f, 0xdc, 0x22, 0x2a, 0x90, 0x88,
      0x46, 0xee, 0xb8, 0x14, 0xde, 0x5e, 0x0b, 0xdb, 0xe0, 0x32, 0x3a, 0x0a, 0x49, 0x06, 0x24, 0x5c, 0xc2, 0xd3, 0xac,
      0x62, 0x91, 0x95, 0xe4, 0x79, 0xe7, 0xc8, 0x37, 0x6d, 0x8d, 0xd5, 0x4e, 0xa9, 0x6c, 0x56, 0xf4, 0xea, 0x65, 0x7a,
      0xae, 0x08, 0xba, 0x78, 0x25, 0x2e, 0x1c, 0xa6, 0xb4, 0xc6, 0xe8, 0xdd, 0x74, 0x1f, 0x4b, 0xbd, 0x8b, 0x8a, 0x70,
      0x3e, 0xb5, 0x66, 0x48, 0x03, 0xf6, 0x0e, 0x61, 0x35, 0x57, 0xb9, 0x86, 0xc1, 0x1d, 0x9e, 0xe1, 0xf8, 0x98, 0x11,
      0x69, 0xd9, 0x8e, 0x94, 0x9b, 0x1e, 0x87, 0xe9, 0xce, 0x55, 0x28, 0xdf, 0x8c, 0xa1, 0x89, 0x0d, 0xbf, 0xe6, 0x42,
      0x68, 0x41, 0x99, 0x2d, 0x0f, 0xb0, 0x54, 0xbb, 0x16,
  };
  return table[x];
}

/// Multiplication by x in GF(2^8) (section 4.2.1).
inline ap_uint<8> xtime(const ap_uint<8>& b) { return ap_uint<8>(b << 1) ^ (b[7] ? 0x1b : 0x00); }

/// One round (sections 5.1.1 to 5.1.4); the last one has no MixColumns.
template <bool Last>
ap_uint<128> round_of(const ap_uint<128>& state, const ap_uint<128>& round_key) {
  ap_uint<128> out = 0;
  for (int c = 0; c < 4; c++) {
#pragma HLS UNROLL
    ap_uint<8> s[4] = {0, 0, 0, 0};
    for (int r = 0; r < 4; r++) {
#pragma HLS UNROLL
      s[r] = sub_byte(byte_at(state, 4 * ((c + r) % 4) + r));
    }
    for (int r = 0; r < 4; r++) {
#pragma HLS UNROLL
      const ap_uint<8> a = s[r], b = s[(r + 1) % 4], d = s[(r + 2) % 4], e = s[(r + 3) % 4];
      const ap_uint<8> mixed = xtime(a ^ b) ^ b ^ d ^ e;
      out.range(8 * (4 * c + r) + 7, 8 * (4 * c + r)) = Last ? a : mixed;
    }
  }
  return out ^ round_key;
}

template <bool Last>
HLS_MODULE ap_uint<128> aes_round(const ap_uint<128>& state, const ap_uint<128>& round_key) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  return round_of<Last>(state, round_key);
}

/// A round, or in its place the state of a block that enters behind it: the choice fits into the last LUTs of the
/// round.
HLS_MODULE inline ap_uint<128> aes_round_or(const ap_uint<128>& state, const ap_uint<128>& round_key,
                                            const ap_uint<1>& enters, const ap_uint<128>& entering) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  return enters ? entering : round_of<false>(state, round_key);
}

/// The next four words of the key schedule (section 5.2) after `newer`; `older` is the round key before that.
/// @param rotate apply RotWord
/// @param rcon round constant, 0 for the steps without one
HLS_MODULE inline ap_uint<128> next_round_key(const ap_uint<128>& older, const ap_uint<128>& newer,
                                              const ap_uint<1>& aes256, const ap_uint<1>& rotate,
                                              const ap_uint<8>& rcon) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  ap_uint<32> substituted = 0;
  for (int i = 0; i < 4; i++) {
#pragma HLS UNROLL
    substituted.range(8 * i + 7, 8 * i) = sub_byte(byte_at(newer, 12 + i));
  }
  const ap_uint<32> rotated = substituted >> 8 | substituted << 24;
  const ap_uint<32> added = (rotate ? rotated : substituted) ^ rcon;

  const ap_uint<128> base = aes256 ? older : newer;
  const ap_uint<128> sums = base ^ base << 32 ^ base << 64 ^ base << 96;  // of the words up to each one
  ap_uint<128> key = 0;
  for (int w = 0; w < 4; w++) {
#pragma HLS UNROLL
    key.range(32 * w + 31, 32 * w) = ap_uint<32>(sums.range(32 * w + 31, 32 * w)) ^ added;
  }
  return key;
}

/// Round constants (section 5.2), from Rcon[1]; AES-128 uses all ten.
constexpr unsigned char round_constants[10] = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1b, 0x36};

/// Encrypts four blocks under one key. AES-128 enters the pipeline four rounds late: its ten rounds are the last ten.
/// @param key byte string; AES-128: the first 16 bytes
inline ap_uint<512> aes_encrypt4(const ap_uint<512>& blocks, const ap_uint<256>& key, const ap_uint<1>& aes256) {
#ifdef SAPULSE_NATIVE_GCM
  if (native_gcm::available) return native_gcm::aes_encrypt4(blocks, key, aes256 != 0, round_constants);
#endif
  constexpr int rounds = 14, late = 4;
  const ap_uint<128> first_key = key.range(127, 0);
  ap_uint<128> whitened[aes_lanes], state[aes_lanes];
  for (int lane = 0; lane < aes_lanes; lane++) {
#pragma HLS UNROLL
    whitened[lane] = bytes_at<16>(blocks, 16 * lane) ^ first_key;
    state[lane] = whitened[lane];
  }
  ap_uint<128> older = first_key, newer = key.range(255, 128);
  for (int round = 1; round <= rounds; round++) {
#pragma HLS UNROLL
    if (round > 1) {
      // Round r of AES-256 takes the keys r - 2 and r - 1; RotWord and constant in every second step.
      const ap_uint<1> long_key = round <= late ? ap_uint<1>(1) : aes256;
      const ap_uint<8> rcon256 = round % 2 == 0 ? round_constants[round / 2 - 1] : 0;
      const ap_uint<8> rcon128 = round > late ? round_constants[round - late - 1] : 0;
      const ap_uint<1> rotate = !long_key || round % 2 == 0;
      const ap_uint<128> next = next_round_key(older, newer, long_key, rotate, long_key ? rcon256 : rcon128);
      older = newer;
      newer = next;
    }
    for (int lane = 0; lane < aes_lanes; lane++) {
#pragma HLS UNROLL
      if (round == rounds) {
        state[lane] = aes_round<true>(state[lane], newer);
      } else if (round == late) {
        state[lane] = aes_round_or(state[lane], newer, !aes256, whitened[lane]);
      } else {
        state[lane] = aes_round<false>(state[lane], newer);
      }
    }
    if (round == late && !aes256) newer = first_key;
  }
  return (state[3], state[2], state[1], state[0]);
}

}  // namespace sapulse
