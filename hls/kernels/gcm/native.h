// SPDX-License-Identifier: Apache-2.0
// The inner products of AES-GCM by the instructions that x86-64 processors have for them. Simulation only, and only
// where a build asks for it (SAPULSE_NATIVE_GCM): aes.h and gf128.h then use these in place of what hardware is made
// from. Same functions, same arguments; driver/model/tests compares the two.
#pragma once

#ifdef __x86_64__

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "ap_int.h"

namespace sapulse::native_gcm {

/// The processor has the instructions.
inline const bool available = [] {
  __builtin_cpu_init();
  return __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("ssse3");
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

/// The round keys of a key, in their order.
struct key_schedule {
  static constexpr int most_rounds = 14;
  __m128i keys[most_rounds + 1];
  int rounds;  ///< 10 or 14; 0: of no key
};

/// `rcon`: round constants of aes.h.
__attribute__((target("aes"))) inline void expand(key_schedule& s, const ap_uint<256>& key, bool aes256,
                                                  const unsigned char* rcon) {
  const auto* halves = reinterpret_cast<const __m128i*>(&key);
  s.rounds = aes256 ? 14 : 10;
  s.keys[0] = _mm_loadu_si128(halves);
  if (!aes256) {
    for (int i = 1; i <= 10; i++) s.keys[i] = next_round_key<true>(s.keys[i - 1], s.keys[i - 1], rcon[i - 1]);
    return;
  }
  s.keys[1] = _mm_loadu_si128(halves + 1);
  for (int i = 2; i <= 14; i++) {
    s.keys[i] = i % 2 == 0 ? next_round_key<true>(s.keys[i - 2], s.keys[i - 1], rcon[i / 2 - 1])
                           : next_round_key<false>(s.keys[i - 2], s.keys[i - 1], 0);
  }
}

/// Encrypts four blocks, in place.
__attribute__((target("aes"))) inline void encrypt4(__m128i (&state)[4], const key_schedule& s) {
  for (__m128i& block : state) block = _mm_xor_si128(block, s.keys[0]);
  for (int round = 1; round < s.rounds; round++) {
    for (__m128i& block : state) block = _mm_aesenc_si128(block, s.keys[round]);
  }
  for (__m128i& block : state) block = _mm_aesenclast_si128(block, s.keys[s.rounds]);
}

/// aes_encrypt4 of aes.h. `rcon`: its round constants.
__attribute__((target("aes"))) inline ap_uint<512> aes_encrypt4(const ap_uint<512>& blocks, const ap_uint<256>& key,
                                                                bool aes256, const unsigned char* rcon) {
  __m128i state[4];
  std::memcpy(state, &blocks, sizeof state);
  key_schedule schedule;
  expand(schedule, key, aes256, rcon);
  encrypt4(state, schedule);
  ap_uint<512> out = 0;
  std::memcpy(static_cast<void*>(&out), state, sizeof state);
  return out;
}

/// gcm_keystream of gcm.h: four blocks of salt, IV and counters from `counter` on. The round keys in `schedule` are
/// made if it is of no key, and are gone with the last beat of the packet.
__attribute__((target("aes"))) inline ap_uint<512> keystream(key_schedule& schedule, const ap_uint<256>& key,
                                                             bool aes256, const unsigned char* rcon, std::uint32_t salt,
                                                             std::uint64_t iv, std::uint32_t counter, bool last) {
  if (schedule.rounds == 0) expand(schedule, key, aes256, rcon);
  const auto low = static_cast<long long>(iv << 32 | salt);
  __m128i state[4];
  for (std::uint32_t lane = 0; lane < 4; lane++) {
    const std::uint64_t swapped = __builtin_bswap32(counter + lane);
    state[lane] = _mm_set_epi64x(static_cast<long long>(swapped << 32 | iv >> 32), low);
  }
  encrypt4(state, schedule);
  if (last) schedule = {};
  ap_uint<512> out = 0;
  std::memcpy(static_cast<void*>(&out), state, sizeof state);
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

/// from_block and to_block of gf128.h: the bits of each byte in the opposite order.
__attribute__((target("ssse3"))) inline __m128i reversed(__m128i x) {
  const __m128i nibbles = _mm_set1_epi8(0x0f);
  const __m128i table = _mm_setr_epi8(0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15);
  const __m128i low = _mm_shuffle_epi8(table, _mm_and_si128(x, nibbles));
  const __m128i high = _mm_shuffle_epi8(table, _mm_and_si128(_mm_srli_epi16(x, 4), nibbles));
  return _mm_or_si128(_mm_slli_epi16(low, 4), high);
}

/// reverse_bits_in_bytes of gf128.h.
__attribute__((target("ssse3"))) inline ap_uint<128> reverse_bits_in_bytes(const ap_uint<128>& x) {
  return store(reversed(load(x)));
}

/// A sum of products of 128 bits each, not reduced.
struct product_sum {
  __m128i low, middle, high;  ///< middle: 64 bits above low, and below high
};

__attribute__((target("pclmul"))) inline void add_product(product_sum& sum, __m128i x, __m128i y) {
  sum.low = _mm_xor_si128(sum.low, _mm_clmulepi64_si128(x, y, 0x00));
  sum.middle = _mm_xor_si128(sum.middle, _mm_clmulepi64_si128(x, y, 0x01));
  sum.middle = _mm_xor_si128(sum.middle, _mm_clmulepi64_si128(x, y, 0x10));
  sum.high = _mm_xor_si128(sum.high, _mm_clmulepi64_si128(x, y, 0x11));
}

/// Modulo x^128 + x^7 + x^2 + x + 1: what is above is multiplied with the lower terms, the upper half of it first.
__attribute__((target("pclmul"))) inline __m128i reduced(const product_sum& sum) {
  const __m128i terms = _mm_set_epi64x(0, 0x87);
  __m128i low = _mm_xor_si128(sum.low, _mm_slli_si128(sum.middle, 8));
  __m128i high = _mm_xor_si128(sum.high, _mm_srli_si128(sum.middle, 8));
  const __m128i upper = _mm_clmulepi64_si128(high, terms, 0x01);
  low = _mm_xor_si128(low, _mm_slli_si128(upper, 8));
  high = _mm_xor_si128(high, _mm_srli_si128(upper, 8));
  return _mm_xor_si128(low, _mm_clmulepi64_si128(high, terms, 0x00));
}

/// reduce of gf128.h.
__attribute__((target("pclmul"))) inline ap_uint<128> reduce(const ap_uint<255>& p) {
  const ap_uint<256> whole = p;  // bit 255 in memory may be anything
  __m128i halves[2];
  std::memcpy(halves, &whole, sizeof halves);
  return store(reduced({halves[0], _mm_setzero_si128(), halves[1]}));
}

/// gcm_hash of gcm.h. `hash`: so far, polynomial. `beat`: `count` blocks, the last of which also has the bits of `end`,
/// if there is one; `powers` of H, from the first one on: byte strings.
__attribute__((target("pclmul,ssse3"))) inline ap_uint<128> hash_beat(const ap_uint<128>& hash,
                                                                      const ap_uint<512>& beat,
                                                                      const ap_uint<128> (&powers)[4], int count,
                                                                      const ap_uint<128>* end) {
  const auto* blocks = reinterpret_cast<const __m128i*>(&beat);
  product_sum sum = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
  for (int i = 0; i < count; i++) {
    __m128i block = _mm_loadu_si128(blocks + i);
    if (end != nullptr && i == count - 1) block = _mm_or_si128(block, load(*end));
    block = reversed(block);
    // The hash so far goes with the first block: both have the same way to the end of the beat.
    if (i == 0) block = _mm_xor_si128(block, load(hash));
    add_product(sum, block, reversed(load(powers[count - 1 - i])));
  }
  return store(reduced(sum));
}

}  // namespace sapulse::native_gcm

#endif
