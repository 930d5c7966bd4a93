// SPDX-License-Identifier: Apache-2.0
// The pings that card and software are compared by: the smallest ones with telemetry, over IPv4.
#pragma once

#include <cstddef>
#include <vector>

#include "traffic/config.h"
#include "traffic/generator.h"

namespace sapulse::bench {

inline constexpr std::uint64_t kPingSeed = 5;
inline constexpr std::size_t kSmallPing = 166;  ///< bytes of its frame

/// So many SAs with one peer over IPv4, with keys of 128 bits and of 256.
traffic::Config small_ping_config(unsigned sas);

/// A ping whose frame has this length, at least kSmallPing. Throws std::runtime_error where that is no length of one.
traffic::Bytes telemetry_ping(traffic::Generator& generator, std::size_t sa, std::size_t frame_bytes);

/// The smallest pings, one a SA in random order, and again until there are so many.
std::vector<traffic::Bytes> small_pings(const traffic::Config& config, std::size_t count);

}  // namespace sapulse::bench
