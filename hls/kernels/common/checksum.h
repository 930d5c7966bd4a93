// SPDX-License-Identifier: Apache-2.0
// Internet checksum (RFC 1071).
#pragma once

#include "ap_int.h"

namespace sapulse {

/// Sum of the words First .. First + N - 1, at most 2^15 of them, as a balanced tree.
template <int N, int First = 0>
struct ones_sum {
  static ap_uint<32> add(const ap_uint<16> words[]) {
    return ones_sum<N / 2, First>::add(words) + ones_sum<N - N / 2, First + N / 2>::add(words);
  }
};
template <int First>
struct ones_sum<1, First> {
  static ap_uint<32> add(const ap_uint<16> words[]) { return words[First]; }
};

/// Adds the carries of a sum of at most 16 words back in.
inline ap_uint<16> fold(const ap_uint<20>& sum) {
  const ap_uint<17> once = ap_uint<16>(sum.range(15, 0)) + ap_uint<4>(sum.range(19, 16));
  return ap_uint<16>(once.range(15, 0)) + ap_uint<1>(once.range(16, 16));
}

}  // namespace sapulse
