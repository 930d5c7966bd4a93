// SPDX-License-Identifier: Apache-2.0
// How often SAs are compared with the kernel's.
#pragma once

#include <algorithm>
#include <chrono>

namespace sapulse::kernel {

/// Where the kernel has very many SAs, bringing the card in line takes at most a fifth of the time,
inline constexpr int kPausePerUpdate = 4;
/// but nothing that the kernel tells is left lying for longer than that.
inline constexpr std::chrono::seconds kLongestPause(2);

/// From the end of an update to the next one.
constexpr std::chrono::nanoseconds pause_after_update(std::chrono::nanoseconds took) {
  return std::min<std::chrono::nanoseconds>(kPausePerUpdate * took, kLongestPause);
}

}  // namespace sapulse::kernel
