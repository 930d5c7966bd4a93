// SPDX-License-Identifier: Apache-2.0
// Kinds of operands, and what all of them have in common: a value, and a length as a part of a concatenation.
#pragma once

#include "ap_int_storage.h"

namespace ap_detail {

template <class T>
concept c_integer = std::is_integral_v<T> || (std::is_enum_v<T> && std::is_convertible_v<T, int>);

enum class kind { none, c, number, range, bit, concatenation };

template <class T>
inline constexpr kind kind_of = c_integer<T> ? kind::c : kind::none;
template <int W, bool S>
inline constexpr kind kind_of<ap_int_base<W, S>> = kind::number;
template <int W>
inline constexpr kind kind_of<ap_uint<W>> = kind::number;
template <int W>
inline constexpr kind kind_of<ap_int<W>> = kind::number;
template <int W, bool S>
inline constexpr kind kind_of<ap_range_ref<W, S>> = kind::range;
template <int W, bool S>
inline constexpr kind kind_of<ap_bit_ref<W, S>> = kind::bit;
template <int W1, class High, int W2, class Low>
inline constexpr kind kind_of<ap_concat_ref<W1, High, W2, Low>> = kind::concatenation;

template <class T>
concept ap_operand = kind_of<T> > kind::c;

/// ap_int<1> as what it is computed with.
struct sign_bit {
  static constexpr int width = 1;
  static constexpr bool is_signed = true;
  value<1, true>::type v;
};

/// Any operand as something that has width, is_signed, and the value v.
template <c_integer T>
AP_INLINE auto lift(T x) {
  if constexpr (std::is_enum_v<T>) {
    return lift(+x);
  } else {
    return ap_int_base < std::is_same_v<T, bool> ? 1 : 8 * (int)sizeof(T), std::is_signed_v < T >> ::from(x);
  }
}
template <int W, bool S>
AP_INLINE decltype(auto) lift(const ap_int_base<W, S>& x) {
  if constexpr (S && W == 1) {
    return sign_bit{x.v ? (value<1, true>::type) - 1 : (value<1, true>::type)0};
  } else {
    return (x);
  }
}
template <int W, bool S>
AP_INLINE auto lift(const ap_bit_ref<W, S>& x) {
  return lift(x.get());
}
template <ap_operand T>
  requires(kind_of<T> == kind::range || kind_of<T> == kind::concatenation)
AP_INLINE auto lift(const T& x) {
  return ap_int_base<T::width, false>::from(x.get());
}

/// Run-time width of a part of a concatenation.
template <c_integer T>
AP_INLINE int length(T x) {
  return decltype(lift(x))::width;
}
template <ap_operand T>
AP_INLINE int length(const T& x) {
  return x.length();
}

/// Assigns the lower bits of x to a part of a concatenation.
template <int W, bool S, class X>
AP_INLINE void put(ap_int_base<W, S>& part, X x) {
  part.v = (stored<W, S>)(bits<W>)x;
}
template <int W, bool S, class X>
AP_INLINE void put(const ap_range_ref<W, S>& part, X x) {
  part.set((bits<W>)x);
}
template <int W, bool S, class X>
AP_INLINE void put(const ap_bit_ref<W, S>& part, X x) {
  part.set((bool)(x & (X)1));
}
template <int W1, class High, int W2, class Low, class X>
AP_INLINE void put(const ap_concat_ref<W1, High, W2, Low>& part, X x) {
  part.set((bits<W1 + W2>)x);
}

}  // namespace ap_detail
