// SPDX-License-Identifier: Apache-2.0
// What the headers of ap_int.h share: names, and storage on clang's _BitInt.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>

#ifdef HLSC
// Without debug information, which would be a third of what the compiler reads: what is inlined stands at the kernel's
// line.
#define AP_INLINE __attribute__((always_inline, nodebug)) constexpr
#else
#define AP_INLINE __attribute__((always_inline)) constexpr
#endif

template <int W, bool S>
struct ap_int_base;
template <int W>
struct ap_uint;
template <int W>
struct ap_int;
template <int W, bool S>
struct ap_range_ref;
template <int W, bool S>
struct ap_bit_ref;
template <int W1, class High, int W2, class Low>
struct ap_concat_ref;

namespace ap_detail {

constexpr int max(int a, int b) { return a > b ? a : b; }
constexpr int min(int a, int b) { return a < b ? a : b; }

template <int W>
using bits = unsigned _BitInt(max(W, 1));  // a width that ap_int_base refuses still has a type: one message is enough

/// What a value is computed with. clang's signed _BitInt has two bits or more, so ap_int<1> is computed with two.
template <int W, bool S>
struct value {
  using type = bits<W>;
};
template <int W>
struct value<W, true> {
  using type = signed _BitInt(max(W, 2));
};

/// What a variable holds: W bits.
template <int W, bool S>
using stored = std::conditional_t<S && W == 1, bits<1>, typename value<W, S>::type>;

template <int W, bool S>
using integer = std::conditional_t<S, ap_int<W>, ap_uint<W>>;

/// W ones; 1 <= W <= Of.
template <int Of>
AP_INLINE bits<Of> ones(int w) {
  return (bits<Of>)~(bits<Of>)0 >> (Of - w);
}

/// All ones in every second group of S bits, the lowest included; 2 * S divides W.
template <int W, int S>
inline constexpr bits<W> second_groups = (bits<W>)~(bits<W>)0 / (((bits<W>)1 << S) + 1);

/// The first bit last: exchanges halves, then the halves of each, and so on. Without a loop, which would have to be
/// unrolled.
template <int W, int... Steps>
AP_INLINE void exchange(bits<W>& x, std::integer_sequence<int, Steps...>) {
  ((x = ((x >> (W >> Steps >> 1)) & second_groups<W, (W >> Steps >> 1)>) |
        ((x & second_groups<W, (W >> Steps >> 1)>) << (W >> Steps >> 1))),
   ...);
}
template <int W>
AP_INLINE bits<W> reversed(bits<W> x) {
  constexpr int wide = (int)std::bit_ceil((unsigned)max(W, 2));
  bits<wide> y = x;
  exchange<wide>(y, std::make_integer_sequence<int, std::bit_width((unsigned)wide) - 1>());
  return (bits<W>)(y >> (wide - W));
}

}  // namespace ap_detail
