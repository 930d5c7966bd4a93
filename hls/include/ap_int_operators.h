// SPDX-License-Identifier: Apache-2.0
// Operators on ap_uint, ap_int, their parts, and C integers. What is not here converts to C integers, as with the
// vendor's header: x[3] + 1 is an int.
#pragma once

#include <concepts>

#include "ap_int_base.h"
#include "ap_int_shapes.h"

namespace ap_detail {

/// Operands of which at least one is no C integer.
template <class A, class B>
inline constexpr bool are_ours =
    kind_of<A> != kind::none && kind_of<B> != kind::none && (kind_of<A> != kind::c || kind_of<B> != kind::c);

consteval bool is_value(kind k) { return k == kind::number || k == kind::range; }

/// Concatenations keep their width among themselves; beside other operands they convert to unsigned long long.
template <class A, class B>
concept are_operands = kind_of<A> != kind::none && kind_of<B> != kind::none &&
                       (is_value(kind_of<A>) || is_value(kind_of<B>) ||
                        (kind_of<A> == kind::concatenation && kind_of<B> == kind::concatenation));
/// But not beside a number in &, | and ^.
template <class A, class B>
concept number_and_concatenation =
    are_operands<A, B> && max((int)kind_of<A>, (int)kind_of<B>) == (int)kind::concatenation &&
    min((int)kind_of<A>, (int)kind_of<B>) == (int)kind::number;

template <class Other, class T>
AP_INLINE decltype(auto) lift_beside(const T& x) {
  if constexpr (kind_of<T> == kind::concatenation && kind_of<Other> != kind::concatenation) {
    return lift((unsigned long long)x);
  } else {
    return lift(x);
  }
}

/// Only these compare as what they are; all others as C integers.
template <class A, class B>
inline constexpr bool are_comparable =
    kind_of<A> == kind::number
        ? kind_of<B> != kind::none
        : (kind_of<B> == kind::number && kind_of<A> != kind::none) ||
              (kind_of<A> == kind::range && kind_of<B> != kind::none && kind_of<B> != kind::concatenation) ||
              (kind_of<A> == kind::concatenation && kind_of<B> == kind::c);
template <class A, class B>
inline constexpr bool compare_as_c =
    kind_of<A> == kind::c && (kind_of<B> == kind::range || kind_of<B> == kind::concatenation);

template <class R, class V>
AP_INLINE integer<R::width, R::is_signed> make(V x) {
  integer<R::width, R::is_signed> r;
  r.v = (stored<R::width, R::is_signed>)x;
  return r;
}

/// A value that is cut to the shape T before it becomes a result of the shape R.
template <class T, class R, class V>
AP_INLINE integer<R::width, R::is_signed> make_from(V x) {
  if constexpr (T::width >= R::width) {
    return make<R>(x);
  } else {
    return make<R>(lift(make<T>(x)).v);
  }
}

}  // namespace ap_detail

#define AP_BINARY(OP, COMPUTED, RESULT)                                                                             \
  template <class A, class B>                                                                                       \
    requires ap_detail::are_operands<A, B>                                                                          \
  AP_INLINE auto operator OP(const A& a, const B& b) {                                                              \
    auto x = ap_detail::lift_beside<B>(a);                                                                          \
    auto y = ap_detail::lift_beside<A>(b);                                                                          \
    using X = decltype(x);                                                                                          \
    using Y = decltype(y);                                                                                          \
    using C = ap_detail::COMPUTED<X, Y>;                                                                            \
    using V = typename ap_detail::value<C::width, C::is_signed>::type;                                              \
    using O = ap_detail::ordered<A, B, X, Y>;                                                                       \
    return ap_detail::make_from<ap_detail::RESULT<X, Y>, ap_detail::RESULT<typename O::first, typename O::second>>( \
        (V)x.v OP(V) y.v);                                                                                          \
  }
AP_BINARY(&, logic, logic)
AP_BINARY(|, logic, logic)
AP_BINARY(^, logic, logic)
AP_BINARY(+, sum, sum)
AP_BINARY(-, difference, difference)
AP_BINARY(*, product, product)
AP_BINARY(/, division, quotient)
AP_BINARY(%, modulus, remainder)
#undef AP_BINARY

#define AP_LOGIC(OP)                                                                                              \
  template <class A, class B>                                                                                     \
    requires ap_detail::number_and_concatenation<A, B>                                                            \
  AP_INLINE auto operator OP(const A& a, const B& b) {                                                            \
    auto x = ap_detail::lift(a);                                                                                  \
    auto y = ap_detail::lift(b);                                                                                  \
    using C = ap_detail::shape<ap_detail::max(x.width, y.width), ap_detail::is_signed<decltype(x), decltype(y)>>; \
    using V = typename ap_detail::value<C::width, C::is_signed>::type;                                            \
    return ap_detail::make<C>((V)x.v OP(V) y.v);                                                                  \
  }
AP_LOGIC(&)
AP_LOGIC(|)
AP_LOGIC(^)
#undef AP_LOGIC

namespace ap_detail {
template <class T>
inline constexpr bool is_bit = kind_of<T> == kind::bit || std::is_same_v<T, bool>;
}

/// Bits among themselves are C integers. Said here only because clang warns of & between bool.
#define AP_BITS(OP)                                                                     \
  template <class A, class B>                                                           \
    requires(ap_detail::is_bit<A> && ap_detail::is_bit<B> && ap_detail::are_ours<A, B>) \
  AP_INLINE int operator OP(const A& a, const B& b) {                                   \
    return (int)(bool)a OP(int)(bool) b;                                                \
  }
AP_BITS(&)
AP_BITS(|)
AP_BITS(^)
#undef AP_BITS

#define AP_COMPARE(OP, COMPARED)                                       \
  template <class A, class B>                                          \
    requires ap_detail::are_comparable<A, B>                           \
  AP_INLINE bool operator OP(const A& a, const B& b) {                 \
    auto x = ap_detail::lift(a);                                       \
    auto y = ap_detail::lift(b);                                       \
    using C = ap_detail::COMPARED<decltype(x), decltype(y)>;           \
    using V = typename ap_detail::value<C::width, C::is_signed>::type; \
    return (V)x.v OP(V) y.v;                                           \
  }                                                                    \
  template <class A, class B>                                          \
    requires ap_detail::compare_as_c<A, B>                             \
  AP_INLINE bool operator OP(const A& a, const B& b) {                 \
    return (unsigned long long)a OP(unsigned long long) b;             \
  }                                                                    \
  template <int W, bool S, std::floating_point F>                      \
  AP_INLINE bool operator OP(const ap_int_base<W, S>& a, F b) {        \
    return a.to_double() OP b;                                         \
  }                                                                    \
  template <int W, bool S, std::floating_point F>                      \
  AP_INLINE bool operator OP(F a, const ap_int_base<W, S>& b) {        \
    return a OP b.to_double();                                         \
  }
AP_COMPARE(==, equality)
AP_COMPARE(!=, equality)
AP_COMPARE(<, order)
AP_COMPARE(<=, order)
AP_COMPARE(>, order)
AP_COMPARE(>=, order)
#undef AP_COMPARE

namespace ap_detail {

template <class R, class X, class N>
AP_INLINE integer<R::width, R::is_signed> left(const X& x, N n) {
  return make<R>(n >= (N)X::width ? (bits<X::width>)0 : (bits<X::width>)x.v << (unsigned)n);
}
template <class R, class X, class N>
AP_INLINE integer<R::width, R::is_signed> right(const X& x, N n) {
  using V = typename value<X::width, X::is_signed>::type;
  return make<R>(n >= (N)X::width ? (V)(x.v < 0 ? -1 : 0) : (V)(x.v >> (unsigned)n));
}

/// Shifts x to the left, or to the right for a negative n.
/// @tparam N what the vendor's header looks at of the distance
/// @tparam R shape of the result, as wide as x
template <bool Left, class N, class R, class X, class Y>
AP_INLINE integer<R::width, R::is_signed> shift(const X& x, const Y& n) {
  if constexpr (Y::is_signed) {
    using U = bits<Y::width>;
    const bool back = n.v < 0;
    const N distance = (N)(back ? (U)0 - (U)n.v : (U)n.v);
    return back == Left ? right<R>(x, distance) : left<R>(x, distance);
  } else {
    return Left ? left<R>(x, (N)n.v) : right<R>(x, (N)n.v);
  }
}

template <class B>
using distance = std::conditional_t<kind_of<B> == kind::c && (sizeof(B) > 4), std::uint64_t, std::uint32_t>;

template <class A, class B>
inline constexpr bool can_shift =
    kind_of<B> != kind::none &&
    (is_value(kind_of<A>) || kind_of<A> == kind::concatenation || (kind_of<A> == kind::bit && is_value(kind_of<B>)) ||
     (kind_of<A> == kind::c && kind_of<B> == kind::range));

}  // namespace ap_detail

/// The result of a shift has the type of the left operand; a negative distance shifts to the other side.
template <class A, class B>
  requires ap_detail::can_shift<A, B>
AP_INLINE auto operator<<(const A& a, const B& b) {
  const auto& x = ap_detail::lift(a);
  using R = ap_detail::declared<A, B, std::remove_cvref_t<decltype(x)>>;
  return ap_detail::shift<true, ap_detail::distance<B>, R>(x, ap_detail::lift(b));
}
template <class A, class B>
  requires ap_detail::can_shift<A, B>
AP_INLINE auto operator>>(const A& a, const B& b) {
  const auto& x = ap_detail::lift(a);
  using R = ap_detail::declared<A, B, std::remove_cvref_t<decltype(x)>>;
  return ap_detail::shift<false, ap_detail::distance<B>, R>(x, ap_detail::lift(b));
}

namespace ap_detail {

/// The right operand of an assigning operator, if it is no number: ranges and concatenations count as unsigned long
/// long.
template <class T>
AP_INLINE auto lift_assigned(const T& x) {
  if constexpr (kind_of<T> == kind::range || kind_of<T> == kind::concatenation) {
    return lift((unsigned long long)x);
  } else {
    return lift(x);
  }
}

}  // namespace ap_detail

#define AP_ASSIGN(OP)                                                              \
  template <int W, bool S, class T>                                                \
    requires(ap_detail::kind_of<T> != ap_detail::kind::none)                       \
  AP_INLINE ap_int_base<W, S>& operator OP##=(ap_int_base<W, S>& a, const T & b) { \
    if constexpr (ap_detail::kind_of<T> == ap_detail::kind::number) {              \
      a.v = (ap_detail::stored<W, S>)(a OP b).v;                                   \
    } else {                                                                       \
      a.v = (ap_detail::stored<W, S>)(a OP ap_detail::lift_assigned(b)).v;         \
    }                                                                              \
    return a;                                                                      \
  }
AP_ASSIGN(+)
AP_ASSIGN(-)
AP_ASSIGN(*)
AP_ASSIGN(/)
AP_ASSIGN(%)
AP_ASSIGN(&)
AP_ASSIGN(|)
AP_ASSIGN(^)
AP_ASSIGN(<<)
AP_ASSIGN(>>)
#undef AP_ASSIGN

namespace ap_detail {

// What stands for an operand in a concatenation: declared for their types alone.
template <int W, bool S>
ap_int_base<W, S>& part(ap_int_base<W, S>& x);
template <int W, bool S>
const ap_int_base<W, S>& part(const ap_int_base<W, S>& x);
template <ap_operand T>
  requires(kind_of<T> != kind::number)
T part(const T& x);

}  // namespace ap_detail

/// Concatenation, a in the high part; a variable for assignments unless one of them is a C integer.
template <class A, class B>
  requires ap_detail::are_ours<std::remove_cvref_t<A>, std::remove_cvref_t<B>>
AP_INLINE auto operator,(A&& a, B&& b) {
  using ap_detail::kind;
  constexpr kind ka = ap_detail::kind_of<std::remove_cvref_t<A>>, kb = ap_detail::kind_of<std::remove_cvref_t<B>>;
  using X = std::remove_cvref_t<decltype(ap_detail::lift(a))>;
  using Y = std::remove_cvref_t<decltype(ap_detail::lift(b))>;
  if constexpr (ka == kind::c || kb == kind::c) {
    using T = ap_int_base<X::width + Y::width, false>;
    using V = typename T::value_type;
    // As in the vendor's header, the sign of a C integer fills what a short range leaves free above it, and the
    // concatenation in front of it.
    using H = std::conditional_t<ka == kind::c, V, ap_detail::bits<X::width>>;
    using L = std::conditional_t<ka == kind::concatenation, V, ap_detail::bits<Y::width>>;
    return T::from(((V)(H)ap_detail::lift(a).v << ap_detail::length(b)) | (V)(L)ap_detail::lift(b).v);
  } else {
    using C = ap_concat_ref<X::width, decltype(ap_detail::part(a)), Y::width, decltype(ap_detail::part(b))>;
    return C(a, b);
  }
}
