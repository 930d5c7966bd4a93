// SPDX-License-Identifier: Apache-2.0
// The permutation Ascon-p (NIST SP 800-232, section 3; rtl/common/ascon_rounds.sv).
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace sapulse::model {

using AsconState = std::array<std::uint64_t, 5>;

/// The last `rounds` of its 12 rounds.
constexpr AsconState ascon(AsconState s, unsigned rounds) {
  constexpr unsigned kRounds = 12;
  for (unsigned round = kRounds - rounds; round < kRounds; ++round) {
    s[2] ^= 0xf0 - 0x0f * round;
    s[0] ^= s[4];
    s[4] ^= s[3];
    s[2] ^= s[1];
    const AsconState x = s;
    for (unsigned i = 0; i < 5; ++i) s[i] ^= ~x[(i + 1) % 5] & x[(i + 2) % 5];
    s[1] ^= s[0];
    s[0] ^= s[4];
    s[3] ^= s[2];
    s[2] = ~s[2];
    s[0] ^= std::rotr(s[0], 19) ^ std::rotr(s[0], 28);
    s[1] ^= std::rotr(s[1], 61) ^ std::rotr(s[1], 39);
    s[2] ^= std::rotr(s[2], 1) ^ std::rotr(s[2], 6);
    s[3] ^= std::rotr(s[3], 10) ^ std::rotr(s[3], 17);
    s[4] ^= std::rotr(s[4], 7) ^ std::rotr(s[4], 41);
  }
  return s;
}

}  // namespace sapulse::model
