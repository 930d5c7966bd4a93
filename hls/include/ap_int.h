// SPDX-License-Identifier: Apache-2.0
// Arbitrary precision integers with the names and the semantics of Vitis HLS (UG1399, "Arbitrary Precision Data
// Types"), on top of clang's _BitInt. Under Vitis HLS the vendor's header of the same name is found instead.
//
// docs/hls-headers.md compares this with the vendor's open header. What compiles with both gives the same bits; where
// the vendor's loses bits, this one does not compile:
//  * wider values than 64 bits do not convert to C integers implicitly; use to_uint64() or range()
//  * ranges have no reductions, and no assigning operators
#pragma once

#include <concepts>

#include "ap_int_operators.h"
#include "ap_int_text.h"

#ifdef HLSC
#define AP_TEXT consteval  // no text is left at run time
#else
#define AP_TEXT constexpr
#endif

#define AP_CONSTRUCTORS(SELF)                                      \
  SELF() = default;                                                \
  template <ap_detail::c_integer T>                                \
  AP_INLINE SELF(T x) {                                            \
    base::v = (stored_type)(value_type)x;                          \
  }                                                                \
  template <ap_detail::ap_operand T>                               \
  AP_INLINE SELF(const T& x) {                                     \
    base::v = (stored_type)(value_type)ap_detail::lift(x).v;       \
  }                                                                \
  template <std::floating_point T>                                 \
  AP_INLINE SELF(T x) {                                            \
    base::v = (stored_type)ap_detail::from_floating<W>((double)x); \
  }                                                                \
  AP_TEXT SELF(const char* text, int radix = 0) { base::v = (stored_type)ap_detail::from_text<W>(text, radix); }

/// Unsigned integer of W bits; arithmetic as in Vitis HLS: results grow, assignment truncates.
template <int W>
struct ap_uint : ap_int_base<W, false> {
  using base = ap_int_base<W, false>;
  using typename base::stored_type;
  using typename base::value_type;
  AP_CONSTRUCTORS(ap_uint)
};

/// Signed (two's complement) integer of W bits.
template <int W>
struct ap_int : ap_int_base<W, true> {
  using base = ap_int_base<W, true>;
  using typename base::stored_type;
  using typename base::value_type;
  AP_CONSTRUCTORS(ap_int)
};

// Fixed point numbers by name alone (ap_fixed.h).
enum ap_q_mode { AP_RND, AP_RND_ZERO, AP_RND_MIN_INF, AP_RND_INF, AP_RND_CONV, AP_TRN, AP_TRN_ZERO };
enum ap_o_mode { AP_SAT, AP_SAT_ZERO, AP_SAT_SYM, AP_WRAP, AP_WRAP_SM };
template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP, int N = 0>
struct ap_fixed;
template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP, int N = 0>
struct ap_ufixed;

#undef AP_CONSTRUCTORS
#undef AP_TEXT
