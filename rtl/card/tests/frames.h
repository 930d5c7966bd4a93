// SPDX-License-Identifier: Apache-2.0
// Frames of beats for the tests of the card's streams: {tuser, tlast, tkeep, tdata} in 578 bits.
#pragma once

#include <verilated.h>

#include <cstdint>
#include <vector>

#include "random_source.h"

namespace sapulse::test {

constexpr int kBeatWords = 19;  // 578 bits
using BeatPort = VlWide<kBeatWords>;

/// What a beat carries, as far as the tests care: 64 bits of data, the ends of the frame.
struct Beat {
  std::uint64_t data = 0;
  bool last = false;
  bool bad = false;    // valid with last
  bool filled = true;  // all of data and keep are as put() makes them
  bool operator==(const Beat&) const = default;
};
using Frame = std::vector<Beat>;

inline void put(BeatPort& port, const Beat& beat) {
  for (int i = 0; i < 16; i += 2) {
    port[i] = static_cast<std::uint32_t>(beat.data);
    port[i + 1] = static_cast<std::uint32_t>(beat.data >> 32);
  }
  port[16] = port[17] = 0xffffffff;
  port[18] = (beat.last ? 1U : 0U) | (beat.bad ? 2U : 0U);
}

inline Beat get(const BeatPort& port) {
  bool filled = (port[16] & port[17]) == 0xffffffff;
  for (int i = 2; i < 16; ++i) filled = filled && port[i] == port[i - 2];
  return {port[0] | (static_cast<std::uint64_t>(port[1]) << 32), (port[18] & 1) != 0, (port[18] & 2) != 0, filled};
}

inline Frame random_frame(RandomSource& random, std::size_t longest, unsigned bad_chance) {
  Frame frame(1 + random.below(longest));
  for (Beat& beat : frame) beat.data = random.word();
  frame.back().last = true;
  frame.back().bad = random.chance(bad_chance);
  return frame;
}

}  // namespace sapulse::test
