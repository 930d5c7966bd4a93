// SPDX-License-Identifier: Apache-2.0
// Ascon-p as NIST SP 800-232 defines it, by the table of its S-box, one column of the state after the other; and the
// hash of source addresses that is made of it (contract/description/registers.yaml, SOURCE_KEY).
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "sapulse/registers.h"

namespace sapulse::test {

using AsconState = std::array<std::uint64_t, 5>;

/// `rounds` of the 12 rounds, from number `first` on.
inline AsconState ascon_rounds(AsconState state, unsigned first, unsigned rounds) {
  static constexpr std::array<std::uint8_t, 32> kSubstitution = {
      0x04, 0x0b, 0x1f, 0x14, 0x1a, 0x15, 0x09, 0x02, 0x1b, 0x05, 0x08, 0x12, 0x1d, 0x03, 0x06, 0x1c,
      0x1e, 0x13, 0x07, 0x0e, 0x00, 0x0d, 0x11, 0x18, 0x10, 0x0c, 0x01, 0x19, 0x16, 0x0a, 0x0f, 0x17};
  static constexpr std::array<std::array<int, 2>, 5> kRotations = {{{19, 28}, {61, 39}, {1, 6}, {10, 17}, {7, 41}}};
  for (unsigned round = first; round < first + rounds; ++round) {
    state[2] ^= (15 - round) << 4 | round;
    AsconState next{};
    for (unsigned bit = 0; bit < 64; ++bit) {
      unsigned column = 0;
      for (const std::uint64_t word : state) column = column << 1 | (word >> bit & 1);
      for (unsigned word = 0; word < 5; ++word)
        next[word] |= std::uint64_t{kSubstitution[column] >> (4 - word) & 1U} << bit;
    }
    for (unsigned word = 0; word < 5; ++word) {
      state[word] = next[word];
      for (const int by : kRotations[word]) state[word] ^= std::rotr(next[word], by);
    }
  }
  return state;
}

/// What Ascon-Hash256 begins with: its initialisation vector, and what 12 rounds make of it (SP 800-232, section 5.1).
inline constexpr AsconState kAsconHashVector = {0x0000'0801'00cc'0002};
inline constexpr AsconState kAsconHashStart = {0x9b1e'5494'e934'd681, 0x4bc3'a01e'3337'51d2, 0xae65'396c'6b34'b81a,
                                               0x3c7f'd4a4'd56a'4db3, 0x1a5c'4649'06c5'976d};

/// Bucket of a source address.
inline std::uint32_t source_bucket(std::uint64_t key, std::uint64_t address_high, std::uint64_t address_low) {
  const AsconState state = {0, key, 0, address_high, address_low};
  return static_cast<std::uint32_t>(ascon_rounds(state, 12 - regs::kSourceHashRounds, regs::kSourceHashRounds)[0] %
                                    regs::kSourceBuckets);
}

}  // namespace sapulse::test
