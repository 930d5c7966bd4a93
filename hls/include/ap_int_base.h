// SPDX-License-Identifier: Apache-2.0
// Common part of ap_uint and ap_int: members.
#pragma once

#ifndef HLSC
#include <string>
#endif

#include "ap_int_reference.h"

template <int W, bool S>
struct ap_int_base {
  static_assert(W >= 1 && W <= 4096, "ap_uint, ap_int: 1 to 4096 bits");
  using value_type = typename ap_detail::value<W, S>::type;
  using stored_type = ap_detail::stored<W, S>;
  using bits = ap_detail::bits<W>;
  using same_type = ap_detail::integer<W, S>;
  static constexpr int width = W;
  static constexpr bool is_signed = S;
  stored_type v;

  ap_int_base() = default;
#ifdef HLSC
  // Not trivially copyable for the compiler: values are then passed and returned in memory, whole, instead of being
  // split into pairs of registers by the x86-64 calling convention.
  AP_INLINE ap_int_base(const ap_int_base& o) : v(o.v) {}
  AP_INLINE ap_int_base& operator=(const ap_int_base& o) {
    v = o.v;
    return *this;
  }
#endif
  static AP_INLINE ap_int_base from(value_type x) {
    ap_int_base b;
    b.v = (stored_type)x;
    return b;
  }

  AP_INLINE ap_range_ref<W, S> range(int hi, int lo) { return {*this, hi, lo}; }
  AP_INLINE ap_range_ref<W, S> range(int hi, int lo) const { return {const_cast<ap_int_base&>(*this), hi, lo}; }
  AP_INLINE ap_range_ref<W, S> range() { return range(W - 1, 0); }
  AP_INLINE ap_range_ref<W, S> range() const { return range(W - 1, 0); }
  AP_INLINE ap_range_ref<W, S> operator()(int hi, int lo) { return range(hi, lo); }
  AP_INLINE ap_range_ref<W, S> operator()(int hi, int lo) const { return range(hi, lo); }
  AP_INLINE ap_bit_ref<W, S> operator[](int i) { return {*this, i}; }
  AP_INLINE bool operator[](int i) const { return test(i); }
  /// What is too wide to become an int by itself.
  template <int N, bool B>
    requires(N > 64)
  AP_INLINE ap_bit_ref<W, S> operator[](const ap_int_base<N, B>& i) {
    return (*this)[i.to_int()];
  }
  template <int N, bool B>
    requires(N > 64)
  AP_INLINE bool operator[](const ap_int_base<N, B>& i) const {
    return test(i.to_int());
  }
  AP_INLINE ap_bit_ref<W, S> bit(int i) { return {*this, i}; }
  AP_INLINE bool bit(int i) const { return test(i); }
  AP_INLINE bool test(int i) const { return (bool)(((bits)v >> i) & (bits)1); }
  AP_INLINE bool get_bit(int i) const { return test(i); }
  AP_INLINE void set_bit(int i, bool b) { bit(i).set(b); }
  AP_INLINE void set(int i, bool b = true) { bit(i).set(b); }
  AP_INLINE void clear(int i) { bit(i).set(false); }
  AP_INLINE void invert(int i) { bit(i).set(!test(i)); }
  AP_INLINE void b_not() { v = (stored_type)~v; }

  AP_INLINE operator std::conditional_t<S, long long, unsigned long long>() const
    requires(W <= 64)  // the vendor's header takes the lower 64 bits of wider ones
  {
    return (std::conditional_t<S, long long, unsigned long long>)ap_detail::lift(*this).v;
  }
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc++26-extensions"  // a reason in `delete`
  template <ap_detail::c_integer T>  // as a template: of two operators clang says in `switch` that it cannot choose
    requires(W > 64)
  operator T() const = delete("more than 64 bits; use to_int(), to_uint64() or range()");
#pragma clang diagnostic pop
  AP_INLINE bool to_bool() const { return v != 0; }
  AP_INLINE char to_char() const { return (char)ap_detail::lift(*this).v; }
  AP_INLINE signed char to_schar() const { return (signed char)ap_detail::lift(*this).v; }
  AP_INLINE unsigned char to_uchar() const { return (unsigned char)ap_detail::lift(*this).v; }
  AP_INLINE short to_short() const { return (short)ap_detail::lift(*this).v; }
  AP_INLINE unsigned short to_ushort() const { return (unsigned short)ap_detail::lift(*this).v; }
  AP_INLINE int to_int() const { return (int)ap_detail::lift(*this).v; }
  AP_INLINE unsigned to_uint() const { return (unsigned)ap_detail::lift(*this).v; }
  AP_INLINE long to_long() const { return (long)ap_detail::lift(*this).v; }
  AP_INLINE unsigned long to_ulong() const { return (unsigned long)ap_detail::lift(*this).v; }
  AP_INLINE long long to_int64() const { return (long long)ap_detail::lift(*this).v; }
  AP_INLINE unsigned long long to_uint64() const { return (unsigned long long)ap_detail::lift(*this).v; }
  AP_INLINE float to_float() const { return (float)floating(); }
  AP_INLINE double to_double() const { return (double)floating(); }
  /// @param radix 2, 8, 10 or 16
  /// @param sign whether negative values get a minus in radix 8 and 16; 10 always has one
#ifdef HLSC
  const char* to_string(int radix = 2, bool sign = S) const;
#else
  std::string to_string(int radix = 2, bool sign = S) const;
#endif
  AP_INLINE int length() const { return W; }
  AP_INLINE bool is_zero() const { return v == 0; }
  AP_INLINE bool iszero() const { return v == 0; }

  AP_INLINE bool or_reduce() const { return v != 0; }
  AP_INLINE bool nor_reduce() const { return v == 0; }
  AP_INLINE bool and_reduce() const { return (bits)v == (bits) ~(bits)0; }
  AP_INLINE bool nand_reduce() const { return !and_reduce(); }
  AP_INLINE bool xor_reduce() const {
    bool r = false;
    for (int i = 0; i < W; i++) r ^= test(i);
    return r;
  }
  AP_INLINE bool xnor_reduce() const { return !xor_reduce(); }
  AP_INLINE bool sign() const { return S && test(W - 1); }
  AP_INLINE int countLeadingZeros() const {
    int n = 0;
    bool zeros = true;
    for (int i = W - 1; i >= 0; i--) {
      zeros = zeros && !test(i);
      n += zeros;
    }
    return n;
  }

  AP_INLINE ap_int_base& reverse() {
    v = (stored_type)ap_detail::reversed<W>((bits)v);
    return *this;
  }
  /// 0 <= n < W
  AP_INLINE ap_int_base& lrotate(int n) { return n == 0 ? *this : rotate(n, W - n); }
  AP_INLINE ap_int_base& rrotate(int n) { return n == 0 ? *this : rotate(W - n, n); }

  AP_INLINE same_type operator~() const { return from((value_type)~ap_detail::lift(*this).v); }
  AP_INLINE same_type operator+() const { return *this; }
  AP_INLINE auto operator-() const { return ap_int_base<1, false>::from(0) - *this; }
  AP_INLINE bool operator!() const { return v == 0; }

  AP_INLINE ap_int_base& operator++() { return *this += true; }
  AP_INLINE ap_int_base& operator--() { return *this -= true; }
  AP_INLINE same_type operator++(int) {
    const ap_int_base old = *this;
    ++*this;
    return old;
  }
  AP_INLINE same_type operator--(int) {
    const ap_int_base old = *this;
    --*this;
    return old;
  }

  /// *this in the high part, x in the low part.
  template <class X>
  AP_INLINE auto concat(const X& x) const {
    return *this, x;
  }

 private:
  AP_INLINE value_type floating() const {
    static_assert(W <= 64, "the vendor's header takes the lower 64 bits for floating point numbers; take what fits in");
    return ap_detail::lift(*this).v;
  }
  AP_INLINE ap_int_base& rotate(int left, int right) {
    v = (stored_type)(((bits)v << left) | ((bits)v >> right));
    return *this;
  }
};
