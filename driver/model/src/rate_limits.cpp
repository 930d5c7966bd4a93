// SPDX-License-Identifier: Apache-2.0
#include "rate_limits.h"

#include <algorithm>

namespace sapulse::model {

void RateLimits::set(std::size_t cause, std::uint32_t interval, std::uint32_t burst) {
  buckets_.at(cause) = {.interval = interval, .burst = burst, .tokens = burst};
}

void RateLimits::Bucket::refill(std::uint64_t uptime) {
  if (tokens == burst || uptime < due) return;
  const std::uint64_t gained = std::min<std::uint64_t>((uptime - due) / interval + 1, burst - tokens);
  tokens += static_cast<std::uint32_t>(gained);
  due += gained * interval;
}

bool RateLimits::take(regs::Cause cause, std::uint64_t uptime) {
  Bucket& bucket = buckets_.at(static_cast<std::size_t>(cause));
  if (bucket.interval == 0) return true;
  bucket.refill(uptime);
  if (bucket.tokens == 0) return false;
  // A full bucket's next token is due an interval after it was last seen full.
  if (bucket.tokens == bucket.burst) bucket.due = uptime + bucket.interval;
  --bucket.tokens;
  return true;
}

}  // namespace sapulse::model
