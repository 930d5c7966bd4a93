// SPDX-License-Identifier: Apache-2.0
// A stopwatch on the card's clock.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "sapulse/card.h"
#include "support/convert.h"

namespace sapulse::bench {

/// Reading the clock takes time of the card, too; that is taken off.
class CycleCounter {
 public:
  explicit CycleCounter(Card& card) : card_(card) {
    constexpr unsigned kSamples = 16;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (unsigned i = 0; i < kSamples; ++i) {
      start();
      least = std::min(least, static_cast<std::int64_t>(now() - start_));
    }
    own_ = least;
  }

  void start() { start_ = now(); }
  void stop() { total_ += static_cast<std::int64_t>(now() - start_) - own_; }

  /// Cycles between all starts and stops so far, at the clock that the card names.
  [[nodiscard]] double cycles() const {
    constexpr double kNanosecondsPerMillisecond = 1e6;
    return static_cast<double>(total_) * card_.info().clock_khz / kNanosecondsPerMillisecond;
  }

 private:
  std::uint64_t now() { return test::must(card_.time(), "clock"); }

  Card& card_;
  std::uint64_t start_ = 0;
  std::int64_t own_ = 0;
  std::int64_t total_ = 0;  // ns
};

}  // namespace sapulse::bench
