// SPDX-License-Identifier: Apache-2.0
// One token bucket per exception cause, and one of clear echoes (rtl/host/rate_limiter.sv).
#pragma once

#include <array>
#include <cstdint>

#include "sapulse/registers.h"

namespace sapulse::model {

class RateLimits {
 public:
  /// ns per token (0: no limit) and size of the bucket; fills the bucket.
  void set(std::size_t cause, std::uint32_t interval, std::uint32_t burst);
  /// Takes a token at `uptime`, ns; false: there is none.
  bool take(regs::Cause cause, std::uint64_t uptime);

 private:
  struct Bucket {
    std::uint32_t interval = 0;
    std::uint32_t burst = 0;
    std::uint32_t tokens = 0;
    std::uint64_t due = 0;  ///< of the next token, unless the bucket is full

    void refill(std::uint64_t uptime);
  };

  std::array<Bucket, regs::kCauseCount> buckets_{};
};

}  // namespace sapulse::model
