// SPDX-License-Identifier: Apache-2.0
// What clang makes intrinsics of: counts of bits, with zeros among the words, the larger and the smaller of two
// numbers, sums and differences that stop at the ends of their type; and comparisons of two numbers with each other.
#include <algorithm>
#include <bit>
#include <cstdint>

#include "hls_stream.h"

struct numbers {
  std::uint32_t a;
  std::uint32_t b;
};
struct results {
  ap_uint<8> ones;
  ap_uint<8> leading;
  ap_uint<8> trailing;
  std::uint32_t larger;
  std::uint32_t smaller;
  std::int32_t signed_larger;
  std::uint32_t sum;
  std::uint32_t difference;
  ap_uint<2> compared;
};
void intrinsics(hls::stream<numbers>& in, hls::stream<results>& out) {
  const numbers n = in.read();
  const std::uint32_t few = n.a & 0x80010001;
  const std::uint32_t a = n.a, b = n.b;
  const std::int32_t c = static_cast<std::int32_t>(a), d = static_cast<std::int32_t>(b);
  results r = {};
  r.ones = std::popcount(a) + std::popcount(few);
  r.leading = std::countl_zero(a >> (b & 31)) + std::countl_zero(few);
  r.trailing = std::countr_zero(a << (b & 31)) + std::countr_zero(few);
  r.larger = std::max(a, b);
  r.smaller = std::min(a, b);
  r.signed_larger = std::max(c, d);
  r.sum = __builtin_elementwise_add_sat(a, b);
  r.difference = __builtin_elementwise_sub_sat(a, b);
  r.compared[0] = c <= d;
  r.compared[1] = c >= d;
  out.write(r);
}
