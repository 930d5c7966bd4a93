// SPDX-License-Identifier: Apache-2.0
// Functions over the bytes of a beat with the words that a processor has. Simulation only, and only where a build asks
// for it (SAPULSE_NATIVE_GCM): bytes.h, window.h and body_check.h then use these in place of what hardware is made
// from. Same functions, same arguments; driver/model/tests compares the two.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ap_int.h"

namespace sapulse::native_bytes {

/// A beat, byte by byte, and a bit for each of its bytes: for both, a processor has vector instructions.
using byte_vector = std::uint8_t __attribute__((ext_vector_type(64)));
using bit_vector = bool __attribute__((ext_vector_type(64)));

/// bits_below of bytes.h, N up to 64.
inline std::uint64_t bits_below(std::uint64_t count, unsigned bits) {
  const std::uint64_t all = ~std::uint64_t{0} >> (64 - bits);
  return count >= bits ? all : all & ((std::uint64_t{1} << count) - 1);
}

/// count_keep of window.h.
inline unsigned count_keep(std::uint64_t keep) { return static_cast<unsigned>(std::bit_width(keep)); }

/// keep_bytes of bytes.h for a beat.
inline ap_uint<512> keep_bytes(const ap_uint<512>& string, std::uint64_t keep) {
  byte_vector bytes;
  std::memcpy(&bytes, &string, sizeof bytes);
  bytes &= -__builtin_convertvector(std::bit_cast<bit_vector>(keep), byte_vector);
  return std::bit_cast<ap_uint<512>>(bytes);
}

/// The 64 bytes from `begin` on of two beats with the same bytes, one behind the other; `begin`: at most 64.
inline ap_uint<512> turned(const ap_uint<512>& string, std::size_t begin) {
  std::array<ap_uint<512>, 2> twice{string, string};
  ap_uint<512> found = 0;
  std::memcpy(static_cast<void*>(&found), reinterpret_cast<const std::uint8_t*>(twice.data()) + begin, sizeof found);
  return found;
}

/// rotate_up and rotate_down of bytes.h; `count`: below 64.
inline ap_uint<512> rotate_up(const ap_uint<512>& string, std::size_t count) { return turned(string, 64 - count); }
inline ap_uint<512> rotate_down(const ap_uint<512>& string, std::size_t count) { return turned(string, count); }

/// Four bits for each of 16.
inline std::uint64_t nibbles_of_bits(std::uint16_t bits) {
  std::uint64_t x = bits;
  x = (x | x << 24) & 0x0000'00ff'0000'00ff;
  x = (x | x << 12) & 0x000f'000f'000f'000f;
  x = (x | x << 6) & 0x0303'0303'0303'0303;
  x = (x | x << 3) & 0x1111'1111'1111'1111;
  return x * 0xf;
}

/// trailer_word of body_check.h: the bit of a word of the packet in beat `index`; 0 if it is in another one.
inline std::uint16_t word_here(unsigned word, unsigned index) {
  return word / 16 == index ? static_cast<std::uint16_t>(1U << word % 16) : 0;
}

/// Bytes 2 and 3 of that word of a beat whose bit is one, as they stand there; 0 without a bit. `word`: at most one
/// bit.
inline std::uint16_t half_word(const ap_uint<512>& string, std::uint16_t word) {
  std::uint16_t half = 0;
  if (word != 0) {
    const auto at = static_cast<std::size_t>(std::countr_zero(word)) * 4 + 2;
    std::memcpy(&half, reinterpret_cast<const std::uint8_t*>(&string) + at, sizeof half);
  }
  return half;
}

/// Bit j: byte j is not one more than the byte before it; at `begin`, not 1. `before`: byte -1; `begin`: at most one
/// bit.
inline std::uint64_t breaks_in_sequence(const ap_uint<512>& string, std::uint8_t before, std::uint64_t begin) {
  std::array<std::uint8_t, 65> bytes;
  bytes[0] = before;
  std::memcpy(bytes.data() + 1, &string, 64);
  byte_vector earlier, own;
  std::memcpy(&earlier, bytes.data(), sizeof earlier);
  std::memcpy(&own, bytes.data() + 1, sizeof own);
  const auto wrong = std::bit_cast<std::uint64_t>(__builtin_convertvector(own != earlier + 1, bit_vector));
  if (begin == 0) return wrong;
  const bool wrong_begin = bytes[static_cast<std::size_t>(std::countr_zero(begin)) + 1] != 1;
  return wrong_begin ? wrong | begin : wrong & ~begin;
}

}  // namespace sapulse::native_bytes
