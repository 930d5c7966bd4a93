// SPDX-License-Identifier: Apache-2.0
// The inner products of AES-GCM by the instructions that x86-64 processors have for them. Simulation only, and only
// where a build asks for it (SAPULSE_NATIVE_GCM): aes.h and gf128.h then use these in place of what hardware is made
// from. Same functions, same arguments; driver/model/tests compares the two.
#pragma once

#ifdef __x86_64__

#include <immintrin.h>

#include <cstring>

#include "ap_int.h"

namespace sapulse::native_gcm {

/// The processor has the instructions.
inline const bool available = [] {
  __builtin_cpu_init();
  return __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul");
}();

inline __m128i load(const ap_uint<128>& x) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(&x)); }

inline ap_uint<128> store(__m128i x) {
  ap_uint<128> r = 0;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(&r), x);
  return r;
}

/// The round key behind `newer`, from those in front of it: next_round_key of aes.h.
template <bool Rotate>
__attribute__((target("aes"))) inline __m128i next_round_key(__m128i base, __m128i newer, int rcon) {
  const __m128i substituted = _mm_aeskeygenassist_si128(newer, 0);
  const __m128i word = _mm_shuffle_epi32(substituted, Rotate ? 0xff : 0xaa);
  base = _mm_xor_si128(base, _mm_slli_si128(base, 4));
  base = _mm_xor_si128(base, _mm_slli_si128(base, 8));
  return _mm_xor_si128(_mm_xor_si128(base, word), _mm_set1_epi32(rcon));
}

/// aes_encrypt4 of aes.h. `rcon`: its round constants.
__attribute__((target("aes"))) inline ap_uint<512> aes_encrypt4(const ap_uint<512>& blocks, const ap_uint<256>& key,
                                                                bool aes256, const unsigned char* rcon) {
  constexpr int lanes = 4;
  const auto* keys = reinterpret_cast<const __m128i*>(&key);
  const auto* in = reinterpret_cast<const __m128i*>(&blocks);
  __m128i older = _mm_loadu_si128(keys), newer = aes256 ? _mm_loadu_si128(keys + 1) : older;
  __m128i state[lanes];
  for (int i = 0; i < lanes; i++) state[i] = _mm_xor_si128(_mm_loadu_si128(in + i), older);
  const int rounds = aes256 ? 14 : 10;
  for (int round = 1; round <= rounds; round++) {
    if (!aes256) {
      newer = next_round_key<true>(newer, newer, rcon[round - 1]);
    } else if (round > 1) {
      const __m128i next = round % 2 == 0 ? next_round_key<true>(older, newer, rcon[round / 2 - 1])
                                          : next_round_key<false>(older, newer, 0);
      older = newer;
      newer = next;
    }
    for (int i = 0; i < lanes; i++) {
      state[i] = round == rounds ? _mm_aesenclast_si128(state[i], newer) : _mm_aesenc_si128(state[i], newer);
    }
  }
  ap_uint<512> out = 0;
  for (int i = 0; i < lanes; i++) _mm_storeu_si128(reinterpret_cast<__m128i*>(&out) + i, state[i]);
  return out;
}

/// multiply of gf128.h: four products of 64 bits.
__attribute__((target("pclmul"))) inline ap_uint<255> multiply(const ap_uint<128>& a, const ap_uint<128>& b) {
  const __m128i x = load(a), y = load(b);
  const __m128i cross = _mm_xor_si128(_mm_clmulepi64_si128(x, y, 0x01), _mm_clmulepi64_si128(x, y, 0x10));
  const __m128i low = _mm_xor_si128(_mm_clmulepi64_si128(x, y, 0x00), _mm_slli_si128(cross, 8));
  const __m128i high = _mm_xor_si128(_mm_clmulepi64_si128(x, y, 0x11), _mm_srli_si128(cross, 8));
  return ap_uint<255>(store(low)) ^ ap_uint<255>(store(high)) << 128;
}

}  // namespace sapulse::native_gcm

#endif
