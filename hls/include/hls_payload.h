// SPDX-License-Identifier: Apache-2.0
// Structs as bit vectors: the first member occupies the least significant bits, nested structs included.
#pragma once

#include <cstddef>
#include <utility>

#include "ap_int.h"

namespace hls {

namespace detail {

struct convertible {
  template <class T>
  constexpr operator T() const;
};

template <class T, std::size_t... I>
constexpr bool takes_values(std::index_sequence<I...>) {
  return requires { T{(void(I), convertible{})...}; };
}
/// T{v * I, {v, v}, v * J}: the braces stand for one member, unless brace elision has split an array into its elements.
template <class T, std::size_t... I, std::size_t... J>
constexpr bool takes_braces(std::index_sequence<I...>, std::index_sequence<J...>) {
  return requires { T{(void(I), convertible{})..., {convertible{}, convertible{}}, (void(J), convertible{})...}; };
}

inline constexpr int max_members = 16;

/// Largest number of initialisers that T accepts, at most one more than max_members.
template <class T, int N = max_members + 1>
constexpr int count_members() {
  if constexpr (N == 0) {
    return 0;
  } else if constexpr (takes_values<T>(std::make_index_sequence<N>{})) {
    return N;
  } else {
    return count_members<T, N - 1>();
  }
}

/// Whether one of the N initialisers of T starts an array.
template <class T, int N, std::size_t... I>
constexpr bool has_array(std::index_sequence<I...>) {
  return ((takes_braces<T>(std::make_index_sequence<I>{}, std::index_sequence<>{}) &&
           !takes_braces<T>(std::make_index_sequence<I>{}, std::make_index_sequence<N - 1 - I>{})) ||
          ...);
}

template <class T>
inline constexpr int ap_width = 0;
template <int W>
inline constexpr int ap_width<ap_uint<W>> = W;
template <int W>
inline constexpr int ap_width<ap_int<W>> = W;

template <class T>
inline constexpr bool is_scalar = ap_width<T> != 0 || std::is_integral_v<T> || std::is_enum_v<T>;

#define HLS_MEMBERS(n, ...)  \
  if constexpr (N == n) {    \
    auto& [__VA_ARGS__] = t; \
    f(__VA_ARGS__);          \
  }

/// Calls f with references to all members of t.
template <class T, class F>
__attribute__((always_inline)) constexpr void visit(T& t, F f) {
  constexpr int N = count_members<std::remove_const_t<T>>();
  HLS_MEMBERS(1, a)
  HLS_MEMBERS(2, a, b)
  HLS_MEMBERS(3, a, b, c)
  HLS_MEMBERS(4, a, b, c, d)
  HLS_MEMBERS(5, a, b, c, d, e)
  HLS_MEMBERS(6, a, b, c, d, e, g)
  HLS_MEMBERS(7, a, b, c, d, e, g, h)
  HLS_MEMBERS(8, a, b, c, d, e, g, h, i)
  HLS_MEMBERS(9, a, b, c, d, e, g, h, i, j)
  HLS_MEMBERS(10, a, b, c, d, e, g, h, i, j, k)
  HLS_MEMBERS(11, a, b, c, d, e, g, h, i, j, k, l)
  HLS_MEMBERS(12, a, b, c, d, e, g, h, i, j, k, l, m)
  HLS_MEMBERS(13, a, b, c, d, e, g, h, i, j, k, l, m, n)
  HLS_MEMBERS(14, a, b, c, d, e, g, h, i, j, k, l, m, n, o)
  HLS_MEMBERS(15, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p)
  HLS_MEMBERS(16, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q)
}
#undef HLS_MEMBERS

/// Converts to base classes of T only.
template <class T>
struct convertible_to_base {
  template <class U>
    requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T>)
  constexpr operator U() const;
};

template <class T>
concept has_base = requires { T{convertible_to_base<T>{}}; };
template <class T>
concept constant_by_default = requires { typename std::bool_constant<((void)T{}, true)>; };

template <class T>
concept plain_struct = std::is_class_v<T> && std::is_aggregate_v<T> && constant_by_default<T> && !has_base<T> &&
                       (count_members<T>() != 0) && (count_members<T>() <= max_members) &&
                       !has_array<T, count_members<T>()>(std::make_index_sequence<count_members<T>()>{});

template <class T>
consteval bool can_be_packed() {
  if constexpr (is_scalar<T>) {
    return true;
  } else if constexpr (!plain_struct<T>) {
    return false;
  } else {
    bool all = true;
    T t{};
    visit(t, [&](auto&... member) { ((all = all && can_be_packed<std::remove_cvref_t<decltype(member)>>()), ...); });
    return all;
  }
}

}  // namespace detail

/// Whether pack() can take T apart: ap_uint, ap_int, C integers, enums and plain structs of 1 to 16 of those, without
/// base classes, constructors and arrays.
template <class T>
inline constexpr bool can_pack = detail::can_be_packed<T>();

/// Width of T on a stream; can_pack<T>.
template <class T>
consteval int bits() {
  if constexpr (detail::ap_width<T> != 0) {
    return detail::ap_width<T>;
  } else if constexpr (std::is_same_v<T, bool>) {
    return 1;
  } else if constexpr (detail::is_scalar<T>) {
    return 8 * (int)sizeof(T);
  } else {
    int sum = 0;
    T t{};
    detail::visit(t, [&](auto&... member) { ((sum += bits<std::remove_cvref_t<decltype(member)>>()), ...); });
    return sum;
  }
}

template <class T>
using packed = unsigned _BitInt(bits<T>());

/// T as a bit vector; can_pack<T>.
template <class T>
__attribute__((always_inline)) constexpr packed<T> pack(const T& t) {
  if constexpr (detail::ap_width<T> != 0) {
    return (packed<T>)t.v;
  } else if constexpr (detail::is_scalar<T>) {
    return (packed<T>)t;
  } else {
    packed<T> r = 0;
    detail::visit(t, [&](auto&... member) {
      int offset = 0;
      ((r |= (packed<T>)pack(member) << offset, offset += bits<std::remove_cvref_t<decltype(member)>>()), ...);
    });
    return r;
  }
}

/// The inverse of pack().
template <class T>
__attribute__((always_inline)) constexpr void unpack(T& t, packed<T> r) {
  if constexpr (detail::ap_width<T> != 0) {
    t.v = (decltype(t.v))r;
  } else if constexpr (detail::is_scalar<T>) {
    t = (T)r;
  } else {
    detail::visit(t, [&](auto&... member) {
      int offset = 0;
      ((unpack(member, (packed<std::remove_cvref_t<decltype(member)>>)(r >> offset)),
        offset += bits<std::remove_cvref_t<decltype(member)>>()),
       ...);
    });
  }
}

}  // namespace hls
