// SPDX-License-Identifier: Apache-2.0
// GF(2^128) as GHASH uses it (NIST SP 800-38D section 6.3). Elements are polynomials here: bit n of the integer is the
// coefficient of x^n. A byte string has coefficient x^(8*i + k) in bit 7 - k of byte i; from_block() and to_block()
// convert.
#pragma once

#include "ap_int.h"
#include "hls_module.h"

#ifdef SAPULSE_NATIVE_GCM
#include "gcm/native.h"
#endif

namespace sapulse {

/// Reverses the bits within each byte: byte string to polynomial and back (wiring).
inline ap_uint<128> reverse_bits_in_bytes(const ap_uint<128>& x) {
#ifdef SAPULSE_NATIVE_GCM
  if (native_gcm::available) return native_gcm::reverse_bits_in_bytes(x);
#endif
  const ap_uint<64> nibbles = 0x0f0f0f0f0f0f0f0fULL, pairs = 0x3333333333333333ULL, ones = 0x5555555555555555ULL;
  const ap_uint<128> m4 = (nibbles, nibbles), m2 = (pairs, pairs), m1 = (ones, ones);
  ap_uint<128> r = x;
  r = ((r >> 4) & m4) | ((r & m4) << 4);
  r = ((r >> 2) & m2) | ((r & m2) << 2);
  r = ((r >> 1) & m1) | ((r & m1) << 1);
  return r;
}
inline ap_uint<128> from_block(const ap_uint<128>& block) { return reverse_bits_in_bytes(block); }
inline ap_uint<128> to_block(const ap_uint<128>& polynomial) { return reverse_bits_in_bytes(polynomial); }

/// Product of polynomials of N coefficients: Karatsuba down to 16 bits, schoolbook below.
template <int N>
struct polynomial_product {
  static ap_uint<2 * N - 1> of(const ap_uint<N>& a, const ap_uint<N>& b) {
    constexpr int H = N / 2;
    const ap_uint<H> a0 = a.range(H - 1, 0), a1 = a.range(N - 1, H), b0 = b.range(H - 1, 0), b1 = b.range(N - 1, H);
    const ap_uint<N - 1> low = polynomial_product<H>::of(a0, b0);
    const ap_uint<N - 1> high = polynomial_product<H>::of(a1, b1);
    const ap_uint<N - 1> middle = polynomial_product<H>::of(a0 ^ a1, b0 ^ b1);
    const ap_uint<N - 1> cross = middle ^ low ^ high;
    return ap_uint<2 * N - 1>(low) ^ ap_uint<2 * N - 1>(high) << N ^ ap_uint<2 * N - 1>(cross) << H;
  }
};
template <>
struct polynomial_product<16> {
  static ap_uint<31> of(const ap_uint<16>& a, const ap_uint<16>& b) {
    ap_uint<31> p = 0;
    for (int i = 0; i < 16; i++) {
#pragma HLS UNROLL
      p ^= b[i] ? ap_uint<31>(ap_uint<31>(a) << i) : ap_uint<31>(0);
    }
    return p;
  }
};

/// Product without reduction, as a module: GHASH has four of them.
HLS_MODULE inline ap_uint<255> multiply(const ap_uint<128>& a, const ap_uint<128>& b) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
#ifdef SAPULSE_NATIVE_GCM
  if (native_gcm::available) return native_gcm::multiply(a, b);
#endif
  return polynomial_product<128>::of(a, b);
}

/// Remainder modulo x^128 + x^7 + x^2 + x + 1.
inline ap_uint<128> reduce(const ap_uint<255>& p) {
#ifdef SAPULSE_NATIVE_GCM
  if (native_gcm::available) return native_gcm::reduce(p);
#endif
  const ap_uint<128> low = p.range(127, 0);
  const ap_uint<127> high = p.range(254, 128);
  const ap_uint<134> wide = high;
  const ap_uint<134> folded = wide ^ wide << 1 ^ wide << 2 ^ wide << 7;
  const ap_uint<13> top = ap_uint<6>(folded.range(133, 128));
  const ap_uint<13> again = top ^ top << 1 ^ top << 2 ^ top << 7;
  return low ^ ap_uint<128>(folded.range(127, 0)) ^ again;
}

/// a * x: a rotation and three sums, so that multiples of a stay mostly wiring.
inline ap_uint<128> times_x(const ap_uint<128>& a) {
  ap_uint<128> r = (ap_uint<127>(a.range(126, 0)), ap_uint<1>(a[127]));
  r[1] = a[0] ^ a[127];
  r[2] = a[1] ^ a[127];
  r[7] = a[6] ^ a[127];
  return r;
}

/// a * b for a loop: the multiples of b depend on b alone, so they are computed ahead and only two-input products and
/// their sum remain between a and the result.
inline ap_uint<128> multiply_by_ladder(const ap_uint<128>& a, const ap_uint<128>& b) {
#ifdef SAPULSE_NATIVE_GCM
  if (native_gcm::available) return reduce(native_gcm::multiply(a, b));
#endif
  ap_uint<128> product = 0, multiple = b;
  for (int i = 0; i < 128; i++) {
#pragma HLS UNROLL
    product ^= a[i] ? multiple : ap_uint<128>(0);
    multiple = times_x(multiple);
  }
  return product;
}

/// a * b where a is the product before. With SAPULSE_SHARED_MULTIPLIER, for kernels where that has some cycles, by the
/// multiplier that the others share.
inline ap_uint<128> multiply_in_loop(const ap_uint<128>& a, const ap_uint<128>& b) {
#ifdef SAPULSE_SHARED_MULTIPLIER
  return reduce(multiply(a, b));
#else
  return multiply_by_ladder(a, b);
#endif
}

}  // namespace sapulse
