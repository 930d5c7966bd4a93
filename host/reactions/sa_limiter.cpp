// SPDX-License-Identifier: Apache-2.0
#include "sa_limiter.h"

#include <algorithm>

namespace sapulse::reactions {

bool SaLimiter::ready(const std::string& name, std::uint64_t now) {
  const auto found = buckets_.find(name);
  return found == buckets_.end() || found->second.bucket.ready(now);
}

void SaLimiter::take(const std::string& name, std::uint64_t now) {
  if (buckets_.size() >= forget_at_) forget_full(now);
  Entry& entry = buckets_.try_emplace(name, Entry{.bucket = TokenBucket(limit_)}).first->second;
  entry.used = now;
  entry.bucket.take(now);
}

void SaLimiter::forget_full(std::uint64_t now) {
  const std::uint64_t fills_within = static_cast<std::uint64_t>(limit_.interval.count()) * limit_.burst;
  std::erase_if(buckets_, [&](const auto& entry) { return now - entry.second.used >= fills_within; });
  forget_at_ = std::max<std::size_t>(forget_at_, 2 * buckets_.size());
}

}  // namespace sapulse::reactions
