// SPDX-License-Identifier: Apache-2.0
// What stands for a part of a variable, or for several of them: x.range(7, 0), x[3], (x, y). All can be assigned to.
// No local variable is const: clang 19 crashes on constant _BitInt of odd widths above 128.
#pragma once

#ifndef HLSC
#include <string>
#endif

#include "ap_int_operands.h"

/// Bits hi..lo of a variable as an unsigned value; in the opposite order if hi < lo.
template <int W, bool S>
struct ap_range_ref {
  ap_int_base<W, S>& r;
  int hi, lo;
  static constexpr int width = W;
  using bits = ap_detail::bits<W>;

  AP_INLINE ap_range_ref(ap_int_base<W, S>& variable, int high, int low) : r(variable), hi(high), lo(low) {}
  ap_range_ref(const ap_range_ref&) = default;
  /// As a difference, which is a constant for range(8 * i + 7, 8 * i).
  AP_INLINE bool is_reversed() const { return hi - lo < 0; }
  AP_INLINE bits get() const {
    bits x = (bits)r.v >> lo;
    if (is_reversed()) x = ap_detail::reversed<W>((bits)r.v) >> (W - 1 - lo);
    return x & ap_detail::ones<W>(length());
  }
  AP_INLINE void set(bits x) const {
    bits m = ap_detail::ones<W>(length()) << (is_reversed() ? hi : lo);
    bits y = x << lo;
    if (is_reversed()) y = ap_detail::reversed<W>(x) >> (W - 1 - lo);
    r.v = (ap_detail::stored<W, S>)(((bits)r.v & ~m) | (y & m));
  }
  AP_INLINE operator ap_int_base<W, false>() const { return ap_int_base<W, false>::from(get()); }
  AP_INLINE operator unsigned long long() const { return (unsigned long long)get(); }
  AP_INLINE int length() const { return (is_reversed() ? lo - hi : hi - lo) + 1; }
  AP_INLINE int to_int() const { return (int)get(); }
  AP_INLINE unsigned to_uint() const { return (unsigned)get(); }
  AP_INLINE long to_long() const { return (long)get(); }
  AP_INLINE unsigned long to_ulong() const { return (unsigned long)get(); }
  AP_INLINE long long to_int64() const { return (long long)get(); }
  AP_INLINE unsigned long long to_uint64() const { return (unsigned long long)get(); }
  auto to_string(int radix = 2) const { return ap_int_base<W, false>::from(get()).to_string(radix); }

  template <class T = void>
  bool and_reduce() const {
    return refuse_reduction<T>();
  }
  template <class T = void>
  bool or_reduce() const {
    return refuse_reduction<T>();
  }
  template <class T = void>
  bool xor_reduce() const {
    return refuse_reduction<T>();
  }

  /// C integers go through 64 bits: of a direct extension to W bits LLVM makes more than it has to.
  template <ap_detail::c_integer T>
  AP_INLINE const ap_range_ref& operator=(T x) const {
    set((bits)(std::conditional_t<std::is_signed_v<T>, long long, unsigned long long>)x);
    return *this;
  }
  template <ap_detail::ap_operand T>
  AP_INLINE const ap_range_ref& operator=(const T& x) const {
    set((bits)ap_detail::lift(x).v);
    return *this;
  }
  AP_INLINE const ap_range_ref& operator=(const ap_range_ref& x) const {
    set(x.get());
    return *this;
  }

 private:
  template <class T>
  static bool refuse_reduction() {
    static_assert(!std::is_void_v<T>,
                  "the vendor's header leaves the last bit out of reductions of a range; reduce an ap_uint");
    return false;
  }
};

/// One bit of a variable.
template <int W, bool S>
struct ap_bit_ref {
  ap_int_base<W, S>& r;
  int i;
  using bits = ap_detail::bits<W>;

  AP_INLINE ap_bit_ref(ap_int_base<W, S>& variable, int index) : r(variable), i(index) {}
  ap_bit_ref(const ap_bit_ref&) = default;
  AP_INLINE bool get() const { return (bool)(((bits)r.v >> i) & (bits)1); }
  AP_INLINE void set(bool b) const { *this = b; }
  AP_INLINE operator bool() const { return get(); }
  AP_INLINE bool operator~() const { return !get(); }
  AP_INLINE int length() const { return 1; }
  AP_INLINE bool to_bool() const { return get(); }
#ifndef HLSC
  std::string to_string() const { return get() ? "1" : "0"; }
#endif

  template <ap_detail::c_integer T>
  AP_INLINE const ap_bit_ref& operator=(T x) const {
    return assign((unsigned long long)x);
  }
  template <ap_detail::ap_operand T>
  AP_INLINE const ap_bit_ref& operator=(const T& x) const {
    return assign(ap_detail::lift(x).v);
  }
  AP_INLINE const ap_bit_ref& operator=(const ap_bit_ref& x) const { return assign((unsigned long long)x.get()); }

 private:
  /// Any value but 0 sets the bit. The lowest bit by itself, so that sums of bits stay sums of bits for LLVM.
  template <class V>
  AP_INLINE const ap_bit_ref& assign(V x) const {
    bits m = (bits)1 << i;
    bits b = (bits)(x & (V)1) | (bits)((x & (V) ~(V)1) != 0);
    r.v = (ap_detail::stored<W, S>)(((bits)r.v & ~m) | (b << i));
    return *this;
  }
};

/// Two parts, High in the high bits: references to variables, or what stands for parts of them. For ranges the run-time
/// length of the low part is the distance.
template <int W1, class High, int W2, class Low>
struct ap_concat_ref {
  High high;
  Low low;
  static constexpr int width = W1 + W2;
  using bits = ap_detail::bits<width>;

  AP_INLINE ap_concat_ref(High h, Low l) : high(h), low(l) {}
  ap_concat_ref(const ap_concat_ref&) = default;
  AP_INLINE bits get() const {
    return ((bits)(ap_detail::bits<W1>)ap_detail::lift(high).v << ap_detail::length(low)) |
           (bits)(ap_detail::bits<W2>)ap_detail::lift(low).v;
  }
  AP_INLINE void set(bits x) const {
    ap_detail::put(high, x >> ap_detail::length(low));
    ap_detail::put(low, x);
  }
  AP_INLINE operator ap_int_base<width, false>() const { return ap_int_base<width, false>::from(get()); }
  /// The lower 64 bits, as the vendor's: of ranges, width is that of what they are ranges of.
  AP_INLINE operator unsigned long long() const { return (unsigned long long)get(); }
  AP_INLINE int length() const { return ap_detail::length(high) + ap_detail::length(low); }

  template <class T>
    requires(ap_detail::kind_of<T> != ap_detail::kind::none)
  AP_INLINE const ap_concat_ref& operator=(const T& x) const {
    set((bits)ap_detail::lift(x).v);
    return *this;
  }
  AP_INLINE const ap_concat_ref& operator=(const ap_concat_ref& x) const {
    set(x.get());
    return *this;
  }
};
