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

/// Sum of products of polynomials of N coefficients, a[0] b[0] + a[1] b[1] + ..: Karatsuba down to 8 bits, 16 of a
/// single product, schoolbook below. The parts are summed before they are put together, which is done once for all
/// products.
template <int N, int Terms>
struct polynomial_products {
  static ap_uint<2 * N - 1> sum(const ap_uint<N> (&a)[Terms], const ap_uint<N> (&b)[Terms]) {
    constexpr int H = N / 2;
    ap_uint<H> a0[Terms], a1[Terms], a01[Terms], b0[Terms], b1[Terms], b01[Terms];
    for (int t = 0; t < Terms; t++) {
#pragma HLS UNROLL
      a0[t] = a[t].range(H - 1, 0);
      a1[t] = a[t].range(N - 1, H);
      a01[t] = a0[t] ^ a1[t];
      b0[t] = b[t].range(H - 1, 0);
      b1[t] = b[t].range(N - 1, H);
      b01[t] = b0[t] ^ b1[t];
    }
    using half = polynomial_products<H, Terms>;
    return put_together(half::sum(a0, b0), half::sum(a01, b01), half::sum(a1, b1));
  }

  /// low + (middle - low - high) x^(N/2) + high x^N
  static ap_uint<2 * N - 1> put_together(const ap_uint<N - 1>& low, const ap_uint<N - 1>& middle,
                                         const ap_uint<N - 1>& high) {
    const ap_uint<N - 1> cross = middle ^ low ^ high;
    return ap_uint<2 * N - 1>(low) ^ ap_uint<2 * N - 1>(high) << N ^ ap_uint<2 * N - 1>(cross) << N / 2;
  }
};
template <int N, int Terms>
struct schoolbook_products {
  static ap_uint<2 * N - 1> sum(const ap_uint<N> (&a)[Terms], const ap_uint<N> (&b)[Terms]) {
    ap_uint<2 * N - 1> p = 0;
    for (int t = 0; t < Terms; t++) {
#pragma HLS UNROLL
      for (int i = 0; i < N; i++) {
#pragma HLS UNROLL
        p ^= b[t][i] ? ap_uint<2 * N - 1>(ap_uint<2 * N - 1>(a[t]) << i) : ap_uint<2 * N - 1>(0);
      }
    }
    return p;
  }
};
template <int Terms>
struct polynomial_products<8, Terms> : schoolbook_products<8, Terms> {};
template <>
struct polynomial_products<16, 1> : schoolbook_products<16, 1> {};

/// a0 b0 + a1 b1 + a2 b2 + a3 b3 without reduction, as a module: what GHASH makes of a beat.
HLS_MODULE inline ap_uint<255> sum_of_products(const ap_uint<128>& a0, const ap_uint<128>& b0, const ap_uint<128>& a1,
                                               const ap_uint<128>& b1, const ap_uint<128>& a2, const ap_uint<128>& b2,
                                               const ap_uint<128>& a3, const ap_uint<128>& b3) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
#ifdef SAPULSE_NATIVE_GCM
  if (native_gcm::available) {
    return native_gcm::multiply(a0, b0) ^ native_gcm::multiply(a1, b1) ^ native_gcm::multiply(a2, b2) ^
           native_gcm::multiply(a3, b3);
  }
#endif
  const ap_uint<128> a[4] = {a0, a1, a2, a3}, b[4] = {b0, b1, b2, b3};
  return polynomial_products<128, 4>::sum(a, b);
}

/// Product of half the width: the module of which all products consist where they share instances.
HLS_MODULE inline ap_uint<127> multiply_halves(const ap_uint<64>& a, const ap_uint<64>& b) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  const ap_uint<64> as[1] = {a}, bs[1] = {b};
  return polynomial_products<64, 1>::sum(as, bs);
}

/// Three products of half the width, of one product or, summed, of several.
struct product_parts {
  ap_uint<127> low, middle, high;
};

inline product_parts parts_of_product(const ap_uint<128>& a, const ap_uint<128>& b) {
  const ap_uint<64> a0 = a.range(63, 0), a1 = a.range(127, 64), b0 = b.range(63, 0), b1 = b.range(127, 64);
  return {multiply_halves(a0, b0), multiply_halves(a0 ^ a1, b0 ^ b1), multiply_halves(a1, b1)};
}

inline product_parts operator^(const product_parts& x, const product_parts& y) {
  return {x.low ^ y.low, x.middle ^ y.middle, x.high ^ y.high};
}

inline ap_uint<255> product_of(const product_parts& p) {
  return polynomial_products<128, 1>::put_together(p.low, p.middle, p.high);
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

/// a[0] first + a[1] second + a[2] third: six inputs for each bit, so that a module of it is a LUT for each.
HLS_MODULE inline ap_uint<128> sum_of_three(const ap_uint<3>& a, const ap_uint<128>& first, const ap_uint<128>& second,
                                            const ap_uint<128>& third) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  return (a[0] ? first : ap_uint<128>(0)) ^ (a[1] ? second : ap_uint<128>(0)) ^ (a[2] ? third : ap_uint<128>(0));
}

/// Six summed, for the same reason.
HLS_MODULE inline ap_uint<128> sum_of_six(const ap_uint<128>& a, const ap_uint<128>& b, const ap_uint<128>& c,
                                          const ap_uint<128>& d, const ap_uint<128>& e, const ap_uint<128>& f) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  return a ^ b ^ c ^ d ^ e ^ f;
}

/// a * b + c for a loop: the multiples of b depend on b alone, so they are computed ahead and only two-input products
/// and their sum remain between a and the result: four LUTs.
inline ap_uint<128> multiply_by_ladder(const ap_uint<128>& a, const ap_uint<128>& b, const ap_uint<128>& c) {
#ifdef SAPULSE_NATIVE_GCM
  if (native_gcm::available) return reduce(native_gcm::multiply(a, b)) ^ c;
#endif
  constexpr int threes = 43;
  const ap_uint<3 * threes> padded = a;
  ap_uint<128> parts[threes], sums[threes / 6], multiple = b;
  for (int i = 0; i < threes; i++) {
#pragma HLS UNROLL
    const ap_uint<128> second = times_x(multiple), third = times_x(second);
    parts[i] = sum_of_three(padded.range(3 * i + 2, 3 * i), multiple, second, third);
    multiple = times_x(third);
  }
  for (int i = 0; i < threes / 6; i++) {
#pragma HLS UNROLL
    const ap_uint<128>* p = &parts[6 * i];
    sums[i] = sum_of_six(p[0], p[1], p[2], p[3], p[4], p[5]);
  }
  const ap_uint<128> most = sum_of_six(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
  return sum_of_six(most, sums[6], parts[threes - 1], c, 0, 0);
}

// What GHASH multiplies: a sum of four products for a beat, and a product from beat to beat. With SAPULSE_SHARED_UNITS,
// for kernels where an iteration starts every few cycles, both are made of products of half the width, which share
// instances.

/// x[0] p[0] + .. + x[3] p[3]
inline ap_uint<128> multiply_and_add(const ap_uint<128> (&x)[4], const ap_uint<128> (&p)[4]) {
#ifdef SAPULSE_SHARED_UNITS
  return reduce(product_of(parts_of_product(x[0], p[0]) ^ parts_of_product(x[1], p[1]) ^ parts_of_product(x[2], p[2]) ^
                           parts_of_product(x[3], p[3])));
#else
  return reduce(sum_of_products(x[0], p[0], x[1], p[1], x[2], p[2], x[3], p[3]));
#endif
}

/// a * b + c where a is the result before.
inline ap_uint<128> multiply_in_loop(const ap_uint<128>& a, const ap_uint<128>& b, const ap_uint<128>& c) {
#ifdef SAPULSE_SHARED_UNITS
  return reduce(product_of(parts_of_product(a, b))) ^ c;
#else
  return multiply_by_ladder(a, b, c);
#endif
}

}  // namespace sapulse
