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

/// aes_round<Last> of aes.h.
template <bool Last>
__attribute__((target("aes"))) inline ap_uint<128> aes_round(const ap_uint<128>& state, const ap_uint<128>& round_key) {
  const __m128i s = load(state), k = load(round_key);
  return store(Last ? _mm_aesenclast_si128(s, k) : _mm_aesenc_si128(s, k));
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
