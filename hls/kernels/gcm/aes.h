// SPDX-License-Identifier: Apache-2.0
// AES-128 and AES-256 in counter direction (FIPS 197), one pipeline for both: four blocks and their key at a time.
// Byte i of the state (FIPS 197 figure 3: row i mod 4, column i / 4) and of keys is bits [8*i+7 : 8*i].
#pragma once

#include "ap_int.h"
#include "common/bytes.h"
#include "gcm/sbox.h"
#include "hls_module.h"
#include "sapulse_payloads.h"

#ifdef SAPULSE_NATIVE_GCM
#include "gcm/native.h"
#endif

// Rounds and key steps are modules where several calls share an instance (an iteration every few cycles), and where the
// S-boxes are LUTs, so that a round is mapped once. As part of the kernel they take their key a stage later than their
// state, and what the four counter blocks have in common is computed once.
#if defined SAPULSE_SHARED_UNITS || defined SAPULSE_LUT_SBOX
#define SAPULSE_AES_STEP HLS_MODULE
#else
#define SAPULSE_AES_STEP
#endif

namespace sapulse {

/// One round (sections 5.1.1 to 5.1.4); the last one has no MixColumns.
template <bool Last>
ap_uint<128> round_of(const ap_uint<128>& state, const ap_uint<128>& round_key) {
  ap_uint<128> out = 0;
  for (int c = 0; c < 4; c++) {
#pragma HLS UNROLL
    substitute s[4] = {{0, 0}, {0, 0}, {0, 0}, {0, 0}};
    for (int r = 0; r < 4; r++) {
#pragma HLS UNROLL
      s[r] = sub_byte(byte_at(state, 4 * ((c + r) % 4) + r));
    }
    for (int r = 0; r < 4; r++) {
#pragma HLS UNROLL
      const substitute &a = s[r], &b = s[(r + 1) % 4], &d = s[(r + 2) % 4], &e = s[(r + 3) % 4];
      const ap_uint<8> mixed = a.twice ^ b.twice ^ b.once ^ d.once ^ e.once;
      const ap_uint<8> substituted = Last ? a.once : mixed;
      out.range(8 * (4 * c + r) + 7, 8 * (4 * c + r)) = substituted ^ byte_at(round_key, 4 * c + r);
    }
  }
  return out;
}

template <bool Last>
SAPULSE_AES_STEP ap_uint<128> aes_round(const ap_uint<128>& state, const ap_uint<128>& round_key) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  return round_of<Last>(state, round_key);
}

/// A round, or in its place the state of a block that enters behind it: the choice fits into the last LUTs of the
/// round.
SAPULSE_AES_STEP inline ap_uint<128> aes_round_or(const ap_uint<128>& state, const ap_uint<128>& round_key,
                                                  const ap_uint<1>& enters, const ap_uint<128>& entering) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  return enters ? entering : round_of<false>(state, round_key);
}

/// The next four words of the key schedule (section 5.2) after `newer`; `older` is the round key before that.
/// @param rotate apply RotWord
/// @param rcon round constant, 0 for the steps without one
SAPULSE_AES_STEP inline ap_uint<128> next_round_key(const ap_uint<128>& older, const ap_uint<128>& newer,
                                                    const ap_uint<1>& aes256, const ap_uint<1>& rotate,
                                                    const ap_uint<8>& rcon) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  ap_uint<32> substituted = 0;
  for (int i = 0; i < 4; i++) {
#pragma HLS UNROLL
    substituted.range(8 * i + 7, 8 * i) = sub_byte(byte_at(newer, 12 + i)).once;
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
  ap_uint<128> whitened[aes_lanes] = {0, 0, 0, 0}, state[aes_lanes];
  for (int lane = 0; lane < aes_lanes; lane++) {
#pragma HLS UNROLL
    for (int i = 0; i < 16; i++) {  // byte by byte, so that equal ones of several blocks are one
#pragma HLS UNROLL
      whitened[lane].range(8 * i + 7, 8 * i) = byte_at(blocks, 16 * lane + i) ^ byte_at(key, i);
    }
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
