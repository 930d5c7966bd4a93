// SPDX-License-Identifier: Apache-2.0
// Byte strings in wide integers: byte i is bits [8*i+7 : 8*i]. Constant positions are wiring.
#pragma once

#include "ap_int.h"

#ifdef SAPULSE_NATIVE_GCM
#include "common/native_bytes.h"
#endif

namespace sapulse {

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
#ifdef SAPULSE_NATIVE_GCM
  if constexpr (N <= 64) return native_bytes::bits_below(count.to_uint64(), N);
#endif
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
#ifdef SAPULSE_NATIVE_GCM
  if constexpr (N == 64) return native_bytes::keep_bytes(string, keep.to_uint64());
#endif
  ap_uint<8 * N> mask = 0;
  for (int j = 0; j < N; j++) {
#pragma HLS UNROLL
    mask.range(8 * j + 7, 8 * j) = keep[j] ? 0xff : 0;
  }
  return string & mask;
}

/// x moved by Bits towards bit 0, zeros coming in, if `on`. Shifters are chains of these: two steps fit one LUT level.
/// (Constant distances, not a loop over them, so that no compiler makes a shift by a variable of it.)
template <int Bits, int W>
inline ap_uint<W> shift_down_if(const ap_uint<1>& on, const ap_uint<W>& x) {
  return on ? ap_uint<W>(x >> Bits) : x;
}

/// x rotated by Bits away from bit 0, if `on`.
template <int Bits, int W>
inline ap_uint<W> rotate_up_if(const ap_uint<1>& on, const ap_uint<W>& x) {
  return on ? ap_uint<W>((ap_uint<W - Bits>(x.range(W - Bits - 1, 0)), ap_uint<Bits>(x.range(W - 1, W - Bits)))) : x;
}

/// Moves byte i to byte (i + count) mod 64.
inline ap_uint<512> rotate_up(const ap_uint<512>& string, const ap_uint<6>& count) {
#ifdef SAPULSE_NATIVE_GCM
  return native_bytes::rotate_up(string, count.to_uint());
#endif
  ap_uint<512> r = rotate_up_if<8>(count[0], string);
  r = rotate_up_if<16>(count[1], r);
  r = rotate_up_if<32>(count[2], r);
  r = rotate_up_if<64>(count[3], r);
  r = rotate_up_if<128>(count[4], r);
  return rotate_up_if<256>(count[5], r);
}

/// Moves byte i to byte (i - count) mod 64.
inline ap_uint<512> rotate_down(const ap_uint<512>& string, const ap_uint<6>& count) {
#ifdef SAPULSE_NATIVE_GCM
  return native_bytes::rotate_down(string, count.to_uint());
#endif
  ap_uint<512> r = rotate_up_if<512 - 8>(count[0], string);
  r = rotate_up_if<512 - 16>(count[1], r);
  r = rotate_up_if<512 - 32>(count[2], r);
  r = rotate_up_if<512 - 64>(count[3], r);
  r = rotate_up_if<512 - 128>(count[4], r);
  return rotate_up_if<256>(count[5], r);
}

}  // namespace sapulse
