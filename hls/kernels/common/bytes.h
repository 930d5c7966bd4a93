// SPDX-License-Identifier: Apache-2.0
// Byte strings in wide integers: byte i is bits [8*i+7 : 8*i]. Constant positions are wiring.
#pragma once

#include "ap_int.h"

namespace sapulse {

constexpr int beat_bytes = 64;

/// Byte i of a byte string.
template <int W>
inline ap_uint<8> byte_at(const ap_uint<W>& string, int i) {
  return string.range(8 * i + 7, 8 * i);
}

/// N bytes from byte i on, still as a byte string.
template <int N, int W>
inline ap_uint<8 * N> bytes_at(const ap_uint<W>& string, int i) {
  return string.range(8 * (i + N) - 1, 8 * i);
}

/// A byte string of N bytes as the number it stands for on the wire (big-endian), and the other way round.
template <int N>
inline ap_uint<8 * N> swap_bytes(const ap_uint<8 * N>& x) {
  ap_uint<8 * N> r = 0;
  for (int i = 0; i < N; i++) {
#pragma HLS UNROLL
    r.range(8 * i + 7, 8 * i) = x.range(8 * (N - 1 - i) + 7, 8 * (N - 1 - i));
  }
  return r;
}

/// Big-endian number of N bytes at byte i.
template <int N, int W>
inline ap_uint<8 * N> get_be(const ap_uint<W>& string, int i) {
  return swap_bytes<N>(bytes_at<N>(string, i));
}

/// Stores N bytes of a number at byte i, most significant byte first.
template <int N, int W>
inline void put_be(ap_uint<W>& string, int i, const ap_uint<8 * N>& number) {
  string.range(8 * (i + N) - 1, 8 * i) = swap_bytes<N>(number);
}

/// Bit j is one for j < count; count is at most N.
template <int N, int C>
inline ap_uint<N> bits_below(const ap_uint<C>& count) {
  ap_uint<N> r = 0;
  for (int j = 0; j < N; j++) {
#pragma HLS UNROLL
    r[j] = j < count;
  }
  return r;
}

/// Zeroes the bytes whose bit in `keep` is zero.
template <int N>
inline ap_uint<8 * N> keep_bytes(const ap_uint<8 * N>& string, const ap_uint<N>& keep) {
  ap_uint<8 * N> mask = 0;
  for (int j = 0; j < N; j++) {
#pragma HLS UNROLL
    mask.range(8 * j + 7, 8 * j) = keep[j] ? 0xff : 0;
  }
  return string & mask;
}

/// Moves byte i to byte (i + count) mod 64, in steps that fit one LUT level for two bits of count.
inline ap_uint<512> rotate_up(const ap_uint<512>& string, const ap_uint<6>& count) {
  ap_uint<512> r = string;
  for (int k = 0; k < 6; k++) {
#pragma HLS UNROLL
    const int distance = 8 << k;
    ap_uint<512> moved = (r << distance) | (r >> (512 - distance));
    if (count[k]) r = moved;
  }
  return r;
}

/// Moves byte i to byte (i - count) mod 64.
inline ap_uint<512> rotate_down(const ap_uint<512>& string, const ap_uint<6>& count) {
  ap_uint<512> r = string;
  for (int k = 0; k < 6; k++) {
#pragma HLS UNROLL
    const int distance = 8 << k;
    ap_uint<512> moved = (r >> distance) | (r << (512 - distance));
    if (count[k]) r = moved;
  }
  return r;
}

}  // namespace sapulse
