// SPDX-License-Identifier: Apache-2.0
// Token bucket on any clock.
#pragma once

#include <cstdint>

#include "sapulse/card.h"

namespace sapulse {

/// Token bucket in the form of the generic cell rate algorithm: one number, the time at which it will be full again.
class TokenBucket {
 public:
  TokenBucket() = default;
  explicit TokenBucket(const RateLimit& limit)
      : interval_(static_cast<std::uint64_t>(limit.interval.count())), burst_(limit.burst) {}

  /// Whether there is a token at `now` (ns). A clock that has been set back does not lock the bucket for longer than it
  /// takes to fill it.
  [[nodiscard]] bool ready(std::uint64_t now);
  /// Takes a token, which there must be.
  void take(std::uint64_t now);

 private:
  std::uint64_t interval_ = 0;  ///< ns per token; 0: no limit
  std::uint64_t burst_ = 0;
  std::uint64_t full_at_ = 0;
};

}  // namespace sapulse
