// SPDX-License-Identifier: Apache-2.0
// Times as poll() takes them.
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

namespace sapulse {

/// Milliseconds, rounded up so that nobody wakes too early and sleeps again; at most what poll() can express.
inline int poll_timeout(std::chrono::nanoseconds time) {
  constexpr std::chrono::milliseconds kMost(std::numeric_limits<int>::max());
  return static_cast<int>(
      std::chrono::ceil<std::chrono::milliseconds>(std::min<std::chrono::nanoseconds>(time, kMost)).count());
}

}  // namespace sapulse
