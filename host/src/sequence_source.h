// SPDX-License-Identifier: Apache-2.0
// Control sequence numbers that have never been used.
#pragma once

#include <cstdint>
#include <functional>

#include "sapulse/error.h"

namespace sapulse {

/// Hands out starts of control sequence numbers. The first one is the Unix time in nanoseconds. Each lies above all
/// that the card may have counted up to from earlier ones: it uses at most one number in a nanosecond. Numbers are
/// reserved on disk ahead of their use, so all this also holds over restarts, whatever the clock of the computer does.
class SequenceSource {
 public:
  struct Clocks {
    std::function<std::uint64_t()> unix_nanoseconds;
    std::function<std::uint64_t()> uptime_nanoseconds;  ///< never goes backwards
  };
  /// Makes sure on disk that numbers below this one are never handed out again.
  using Reserve = std::function<Result<void>(std::uint64_t)>;

  static Clocks system_clocks();

  /// `reserved`: what was reserved last; 0: nothing ever was.
  SequenceSource(Clocks clocks, std::uint64_t reserved, Reserve reserve);

  /// A start, at least `least`. Errors: invalid_argument (none are left; nothing was ever reserved, and the clock is
  /// before 2026), those of Reserve.
  Result<std::uint64_t> take(std::uint64_t least);
  /// Reserves more when half of what is reserved may have been used up. Errors: as take().
  Result<void> extend();

 private:
  /// Lowest number that cannot have been used.
  [[nodiscard]] std::uint64_t unused() const;
  [[nodiscard]] Result<void> check_clock() const;
  Result<void> reserve_above(std::uint64_t number);

  Clocks clocks_;
  Reserve reserve_;
  std::uint64_t reserved_;
  std::uint64_t begun_;     ///< Unix time at the beginning, ns
  std::uint64_t last_;      ///< handed out last; before: what an earlier life has reserved
  std::uint64_t taken_at_;  ///< uptime at that moment
};

}  // namespace sapulse
