// SPDX-License-Identifier: Apache-2.0
// Functions over the bytes of a beat with the words that a processor has. Simulation only, and only where a build asks
// for it (SAPULSE_NATIVE_GCM): bytes.h and body_check.h then use these in place of what hardware is made from. Same
// functions, same arguments; driver/model/tests compares the two.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ap_int.h"

namespace sapulse::native_bytes {

/// The words of a byte string in memory.
template <int W>
std::array<std::uint64_t, W / 64> words_of(const ap_uint<W>& string) {
  std::array<std::uint64_t, W / 64> words;
  std::memcpy(words.data(), &string, sizeof words);
  return words;
}

/// bits_below of bytes.h, N up to 64.
inline std::uint64_t bits_below(std::uint64_t count, unsigned bits) {
  const std::uint64_t all = ~std::uint64_t{0} >> (64 - bits);
  return count >= bits ? all : all & ((std::uint64_t{1} << count) - 1);
}

/// 0xff in byte j where bit j is one.
inline std::uint64_t bytes_of_bits(std::uint8_t bits) {
  constexpr std::uint64_t each = 0x0101'0101'0101'0101, diagonal = 0x8040'2010'0804'0201, low = 0x7f * each;
  const std::uint64_t one = bits * each & diagonal;  // bit j is left in byte j
  const std::uint64_t top = ((one & low) + low) | one;
  return (top >> 7 & each) * 0xff;
}

/// keep_bytes of bytes.h for a beat.
inline ap_uint<512> keep_bytes(const ap_uint<512>& string, std::uint64_t keep) {
  std::array<std::uint64_t, 8> words = words_of(string);
  for (unsigned i = 0; i < words.size(); i++) words[i] &= bytes_of_bits(static_cast<std::uint8_t>(keep >> 8 * i));
  ap_uint<512> kept = 0;
  std::memcpy(static_cast<void*>(&kept), words.data(), sizeof words);
  return kept;
}

/// Four bits for each of 16.
inline std::uint64_t nibbles_of_bits(std::uint16_t bits) {
  std::uint64_t x = bits;
  x = (x | x << 24) & 0x0000'00ff'0000'00ff;
  x = (x | x << 12) & 0x000f'000f'000f'000f;
  x = (x | x << 6) & 0x0303'0303'0303'0303;
  x = (x | x << 3) & 0x1111'1111'1111'1111;
  return x * 0xf;
}

/// Bit j: byte j is not one more than the byte before it; at `begin`, not 1. `before`: byte -1; `begin`: at most one
/// bit.
inline std::uint64_t breaks_in_sequence(const ap_uint<512>& string, std::uint8_t before, std::uint64_t begin) {
  std::array<std::uint8_t, 65> bytes;
  bytes[0] = before;
  std::memcpy(bytes.data() + 1, &string, 64);
  std::array<std::uint8_t, 64> wrong;
  for (std::size_t j = 0; j < wrong.size(); j++) wrong[j] = bytes[j + 1] != static_cast<std::uint8_t>(bytes[j] + 1);
  if (begin != 0) {
    const auto at = static_cast<std::size_t>(__builtin_ctzll(begin));
    wrong[at] = bytes[at + 1] != 1;
  }
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; i++) {
    std::uint64_t word = 0;
    std::memcpy(&word, wrong.data() + 8 * i, sizeof word);
    bits |= (word * 0x0102'0408'1020'4080 >> 56) << 8 * i;  // byte j of eight becomes bit j
  }
  return bits;
}

}  // namespace sapulse::native_bytes
