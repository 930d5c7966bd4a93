// SPDX-License-Identifier: Apache-2.0
// A gateway's card at its busiest: pings of peers fill 100 Gb/s Ethernet while it watches its own SAs.
#pragma once

#include <cstdint>

namespace sapulse::bench {

struct FullLoad {
  std::uint64_t pings = 0;   ///< of peers, the smallest ones, on the line without a gap
  std::uint64_t probes = 0;  ///< of the card's own
  std::uint64_t lost = 0;    ///< pings without a reply, and probes whose reply has not counted
};

/// On the RTL of 65,536 SAs, for some 120,000 cycles, with as many probes a second as ten for each of 65,536 SAs are.
/// Throws std::runtime_error when card or library fail.
FullLoad measure_full_load();

}  // namespace sapulse::bench
