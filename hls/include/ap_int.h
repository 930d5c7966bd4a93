// SPDX-License-Identifier: Apache-2.0
// Arbitrary precision integers with the names and the semantics of Vitis HLS (UG1399, "Arbitrary Precision Data
// Types"), on top of clang's _BitInt. Under Vitis HLS the vendor's header of the same name is found instead.
//
// Differences from the vendor's header, all of them on the safe side:
//  * wider values than 64 bits do not convert to C integers implicitly (the vendor truncates); use to_uint64() or
//  range()
//  * shift amounts are unsigned; a negative amount is not a shift in the other direction
//  * division and remainder do not exist
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#define AP_INLINE __attribute__((always_inline)) constexpr

template <int W, bool S>
struct ap_int_base;
template <int W>
struct ap_uint;
template <int W>
struct ap_int;

namespace ap_detail {

constexpr int max(int a, int b) { return a > b ? a : b; }

// A width that ap_int_base refuses still has a type, so that the refusal is the only message.
template <int W, bool S>
struct storage {
  using type = unsigned _BitInt(max(W, 1));
};
template <int W>
struct storage<W, true> {
  using type = signed _BitInt(max(W, 2));
};

template <int W>
using bits = unsigned _BitInt(max(W, 1));

/// Ones in bits hi..lo of a W-bit value.
template <int W>
AP_INLINE bits<W> mask(int hi, int lo) {
  return ((bits<W>)~(bits<W>)0 >> (W - 1 - (hi - lo))) << lo;
}

}  // namespace ap_detail

/// Proxy for bits hi..lo of a variable; reads as a W-bit unsigned value.
template <int W, bool S>
struct ap_range_ref {
  ap_int_base<W, S>& r;
  int hi, lo;
  using bits = ap_detail::bits<W>;

  AP_INLINE bits get() const { return ((bits)r.v >> lo) & ((bits) ~(bits)0 >> (W - 1 - (hi - lo))); }
  AP_INLINE void set(bits x) const {
    bits m = ap_detail::mask<W>(hi, lo);  // not const: clang 19 crashes on constants of odd widths above 128
    r.v = (typename ap_int_base<W, S>::value_type)(((bits)r.v & ~m) | ((x << lo) & m));
  }
  AP_INLINE operator ap_int_base<W, false>() const { return ap_int_base<W, false>::from(get()); }
  AP_INLINE operator unsigned long long() const { return (unsigned long long)get(); }
  AP_INLINE int length() const { return hi - lo + 1; }
  AP_INLINE unsigned to_uint() const { return (unsigned)get(); }
  AP_INLINE int to_int() const { return (int)get(); }
  AP_INLINE unsigned long long to_uint64() const { return (unsigned long long)get(); }
  AP_INLINE bool or_reduce() const { return get() != 0; }
  AP_INLINE bool and_reduce() const { return get() == (bits) ~(bits)0 >> (W - length()); }
  AP_INLINE bool xor_reduce() const { return ap_int_base<W, false>::from(get()).xor_reduce(); }

  template <int W2, bool S2>
  AP_INLINE const ap_range_ref& operator=(const ap_int_base<W2, S2>& x) const {
    set((bits)x.v);
    return *this;
  }
  AP_INLINE const ap_range_ref& operator=(unsigned long long x) const {
    set((bits)x);
    return *this;
  }
  AP_INLINE const ap_range_ref& operator=(const ap_range_ref& x) const {
    set(x.get());
    return *this;
  }
  template <int W2, bool S2>
  AP_INLINE const ap_range_ref& operator=(const ap_range_ref<W2, S2>& x) const {
    set((bits)x.get());
    return *this;
  }
};

/// Proxy for one bit of a variable.
template <int W, bool S>
struct ap_bit_ref {
  ap_int_base<W, S>& r;
  int i;
  using bits = ap_detail::bits<W>;

  AP_INLINE operator bool() const { return (bool)(((bits)r.v >> i) & (bits)1); }
  AP_INLINE bool operator~() const { return !(bool)*this; }
  AP_INLINE int length() const { return 1; }
  AP_INLINE bool to_bool() const { return (bool)*this; }
  AP_INLINE const ap_bit_ref& operator=(unsigned long long b) const {
    bits m = (bits)1 << i;  // clang 19 crashes on constants of types like _BitInt(160)
    r.v = (typename ap_int_base<W, S>::value_type)(((bits)r.v & ~m) | ((bits)(b & 1) << i));
    return *this;
  }
  AP_INLINE const ap_bit_ref& operator=(const ap_bit_ref& x) const { return *this = (unsigned long long)(bool)x; }
  template <int W2, bool S2>
  AP_INLINE const ap_bit_ref& operator=(const ap_bit_ref<W2, S2>& x) const {
    return *this = (unsigned long long)(bool)x;
  }
  template <int W2, bool S2>
  AP_INLINE const ap_bit_ref& operator=(const ap_int_base<W2, S2>& x) const {
    return *this = (unsigned long long)(x.v & 1);
  }
};

/// Common part of ap_uint and ap_int, and the type of results of operators.
template <int W, bool S>
struct ap_int_base {
  static_assert(W >= 1 && W <= 4096, "ap_uint: 1 to 4096 bits");
  static_assert(!S || W >= 2, "ap_int: 2 to 4096 bits; for one bit use ap_uint<1>");
  using value_type = typename ap_detail::storage<W, S>::type;
  using bits = ap_detail::bits<W>;
  static constexpr int width = W;
  static constexpr bool is_signed = S;
  value_type v;

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
    b.v = x;
    return b;
  }

  AP_INLINE ap_range_ref<W, S> range(int hi, int lo) { return {*this, hi, lo}; }
  AP_INLINE ap_range_ref<W, S> range(int hi, int lo) const { return {const_cast<ap_int_base&>(*this), hi, lo}; }
  AP_INLINE ap_range_ref<W, S> operator()(int hi, int lo) { return {*this, hi, lo}; }
  AP_INLINE ap_range_ref<W, S> operator()(int hi, int lo) const { return {const_cast<ap_int_base&>(*this), hi, lo}; }
  AP_INLINE ap_bit_ref<W, S> operator[](int i) { return {*this, i}; }
  AP_INLINE bool operator[](int i) const { return test(i); }
  AP_INLINE ap_bit_ref<W, S> bit(int i) { return {*this, i}; }
  AP_INLINE bool bit(int i) const { return test(i); }
  AP_INLINE bool test(int i) const { return (bool)(((bits)v >> i) & (bits)1); }

  AP_INLINE operator std::conditional_t<S, long long, unsigned long long>() const
    requires(W <= 64)
  {
    return (std::conditional_t<S, long long, unsigned long long>)v;
  }
  AP_INLINE unsigned long long to_uint64() const { return (unsigned long long)v; }
  AP_INLINE long long to_int64() const { return (long long)v; }
  AP_INLINE unsigned to_uint() const { return (unsigned)v; }
  AP_INLINE int to_int() const { return (int)v; }
  AP_INLINE bool to_bool() const { return v != 0; }
  AP_INLINE int length() const { return W; }

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

  AP_INLINE ap_int_base operator~() const { return from((value_type)~v); }
  AP_INLINE bool operator!() const { return v == 0; }

  // The result of a shift has the width of the left operand.
  AP_INLINE ap_int_base operator<<(int n) const { return from(n >= W ? (value_type)0 : (value_type)((bits)v << n)); }
  AP_INLINE ap_int_base operator>>(int n) const { return from(n >= W ? sign_fill() : (value_type)(v >> n)); }
  template <int W2>
  AP_INLINE ap_int_base operator<<(const ap_int_base<W2, false>& n) const {
    return from(n.v >= limit<W2>() ? (value_type)0 : (value_type)((bits)v << (unsigned)n.v));
  }
  template <int W2>
  AP_INLINE ap_int_base operator>>(const ap_int_base<W2, false>& n) const {
    return from(n.v >= limit<W2>() ? sign_fill() : (value_type)(v >> (unsigned)n.v));
  }

  /// *this in the high part, x in the low part.
  template <class X>
  AP_INLINE auto concat(const X& x) const {
    return *this, x;
  }

 private:
  AP_INLINE value_type sign_fill() const { return sign() ? (value_type)-1 : (value_type)0; }
  template <int W2>
  static AP_INLINE ap_detail::bits<(W2 > 32 ? W2 : 32)> limit() {
    return W;
  }
};

namespace ap_detail {

template <class T>
concept c_integer = std::is_integral_v<T> || (std::is_enum_v<T> && std::is_convertible_v<T, int>);

template <class T>
struct is_ap : std::false_type {};
template <int W, bool S>
struct is_ap<ap_int_base<W, S>> : std::true_type {};
template <int W>
struct is_ap<ap_uint<W>> : std::true_type {};
template <int W>
struct is_ap<ap_int<W>> : std::true_type {};
template <int W, bool S>
struct is_ap<ap_range_ref<W, S>> : std::true_type {};
template <int W, bool S>
struct is_ap<ap_bit_ref<W, S>> : std::true_type {};

template <class A, class B>
concept ap_operands = (is_ap<A>::value && (is_ap<B>::value || c_integer<B>)) || (is_ap<B>::value && c_integer<A>);

/// Any operand as an ap_int_base of its own width and signedness.
template <c_integer T>
AP_INLINE auto lift(T x) {
  if constexpr (std::is_enum_v<T>) {
    return ap_int_base<32, true>::from((int)x);
  } else if constexpr (std::is_same_v<T, bool>) {
    return ap_int_base<1, false>::from((bits<1>)x);
  } else {
    return ap_int_base<8 * (int)sizeof(T), std::is_signed_v<T>>::from(x);
  }
}
template <int W, bool S>
AP_INLINE ap_int_base<W, S> lift(const ap_int_base<W, S>& x) {
  return x;
}
template <int W, bool S>
AP_INLINE ap_int_base<W, false> lift(const ap_range_ref<W, S>& x) {
  return x;
}
template <int W, bool S>
AP_INLINE ap_int_base<1, false> lift(const ap_bit_ref<W, S>& x) {
  return lift((bool)x);
}

/// Width and signedness of results (UG1399, "Class Methods, Operators, and Data Members").
template <class X, class Y>
struct result {
  static constexpr bool is_signed = X::is_signed || Y::is_signed;
  static constexpr int logic = max(X::width + (is_signed && !X::is_signed), Y::width + (is_signed && !Y::is_signed));
  static constexpr int sum = logic + 1;
  static constexpr int product = X::width + Y::width;
};

/// Run-time width of an operand of a concatenation.
template <class T>
AP_INLINE int length(const T&) {
  return T::width;
}
template <int W, bool S>
AP_INLINE int length(const ap_range_ref<W, S>& x) {
  return x.hi - x.lo + 1;
}
template <int W, bool S>
AP_INLINE int length(const ap_bit_ref<W, S>&) {
  return 1;
}

}  // namespace ap_detail

#define AP_BINARY(OP, WIDTH, SIGNED)                       \
  template <class A, class B>                              \
    requires ap_detail::ap_operands<A, B>                  \
  AP_INLINE auto operator OP(const A& a, const B& b) {     \
    auto x = ap_detail::lift(a);                           \
    auto y = ap_detail::lift(b);                           \
    using R = ap_detail::result<decltype(x), decltype(y)>; \
    using T = ap_int_base<R::WIDTH, (SIGNED)>;             \
    using V = typename T::value_type;                      \
    return T::from((V)((V)x.v OP(V) y.v));                 \
  }
AP_BINARY(&, logic, R::is_signed)
AP_BINARY(|, logic, R::is_signed)
AP_BINARY(^, logic, R::is_signed)
AP_BINARY(+, sum, R::is_signed)
AP_BINARY(-, sum, true)
AP_BINARY(*, product, R::is_signed)
#undef AP_BINARY

#define AP_COMPARE(OP)                                                                                    \
  template <class A, class B>                                                                             \
    requires ap_detail::ap_operands<A, B>                                                                 \
  AP_INLINE bool operator OP(const A& a, const B& b) {                                                    \
    auto x = ap_detail::lift(a);                                                                          \
    auto y = ap_detail::lift(b);                                                                          \
    using R = ap_detail::result<decltype(x), decltype(y)>;                                                \
    using V = typename ap_detail::storage<R::logic + (R::is_signed && R::logic < 2), R::is_signed>::type; \
    return (V)x.v OP(V) y.v;                                                                              \
  }
AP_COMPARE(==)
AP_COMPARE(!=)
AP_COMPARE(<)
AP_COMPARE(<=)
AP_COMPARE(>)
AP_COMPARE(>=)
#undef AP_COMPARE

#define AP_ASSIGN(OP, SELF)                     \
  template <class T>                            \
    requires ap_detail::ap_operands<SELF, T>    \
  AP_INLINE SELF& operator OP##=(const T & x) { \
    return *this = *this OP x;                  \
  }
#define AP_MEMBERS(SELF)                                     \
  AP_ASSIGN(+, SELF)                                         \
  AP_ASSIGN(-, SELF)                                         \
  AP_ASSIGN(*, SELF)                                         \
  AP_ASSIGN(^, SELF)                                         \
  AP_ASSIGN(|, SELF)                                         \
  AP_ASSIGN(&, SELF)                                         \
  template <class T>                                         \
  AP_INLINE SELF& operator<<=(const T& n) {                  \
    return *this = *this << n;                               \
  }                                                          \
  template <class T>                                         \
  AP_INLINE SELF& operator>>=(const T& n) {                  \
    return *this = *this >> n;                               \
  }                                                          \
  AP_INLINE SELF& operator++() { return *this = *this + 1; } \
  AP_INLINE SELF operator++(int) {                           \
    SELF old = *this;                                        \
    ++*this;                                                 \
    return old;                                              \
  }                                                          \
  AP_INLINE SELF& operator--() { return *this = *this - 1; } \
  AP_INLINE SELF operator--(int) {                           \
    SELF old = *this;                                        \
    --*this;                                                 \
    return old;                                              \
  }

/// Unsigned integer of W bits; arithmetic as in Vitis HLS: results grow, assignment truncates.
template <int W>
struct ap_uint : ap_int_base<W, false> {
  using base = ap_int_base<W, false>;
  using value_type = typename base::value_type;
  ap_uint() = default;
  template <ap_detail::c_integer T>
  AP_INLINE ap_uint(T x) {
    base::v = (value_type)x;
  }
  template <std::floating_point T>
  AP_INLINE ap_uint(T x) {
    base::v = (value_type)x;
  }
  template <int W2, bool S2>
  AP_INLINE ap_uint(const ap_int_base<W2, S2>& x) {
    base::v = (value_type)x.v;
  }
  template <int W2, bool S2>
  AP_INLINE ap_uint(const ap_range_ref<W2, S2>& x) {
    base::v = (value_type)x.get();
  }
  template <int W2, bool S2>
  AP_INLINE ap_uint(const ap_bit_ref<W2, S2>& x) {
    base::v = (value_type)(bool)x;
  }
  AP_MEMBERS(ap_uint)
};

/// Signed (two's complement) integer of W bits.
template <int W>
struct ap_int : ap_int_base<W, true> {
  using base = ap_int_base<W, true>;
  using value_type = typename base::value_type;
  ap_int() = default;
  template <ap_detail::c_integer T>
  AP_INLINE ap_int(T x) {
    base::v = (value_type)x;
  }
  template <std::floating_point T>
  AP_INLINE ap_int(T x) {
    base::v = (value_type)x;
  }
  template <int W2, bool S2>
  AP_INLINE ap_int(const ap_int_base<W2, S2>& x) {
    base::v = (value_type)x.v;
  }
  template <int W2, bool S2>
  AP_INLINE ap_int(const ap_range_ref<W2, S2>& x) {
    base::v = (value_type)x.get();
  }
  template <int W2, bool S2>
  AP_INLINE ap_int(const ap_bit_ref<W2, S2>& x) {
    base::v = (value_type)(bool)x;
  }
  AP_MEMBERS(ap_int)
};

#undef AP_MEMBERS
#undef AP_ASSIGN

/// Concatenation, a in the high part. For ranges the run-time length of b is the distance, as in Vitis HLS.
template <class A, class B>
  requires(ap_detail::is_ap<A>::value && ap_detail::is_ap<B>::value)
AP_INLINE auto operator,(const A& a, const B& b) {
  auto x = ap_detail::lift(a);
  auto y = ap_detail::lift(b);
  constexpr int WX = decltype(x)::width, WY = decltype(y)::width;
  using T = ap_int_base<WX + WY, false>;
  using V = typename T::value_type;
  return T::from(((V)(ap_detail::bits<WX>)x.v << ap_detail::length(b)) | (V)(ap_detail::bits<WY>)y.v);
}
