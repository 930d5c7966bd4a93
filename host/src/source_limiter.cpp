// SPDX-License-Identifier: Apache-2.0
#include "source_limiter.h"

#include <random>

#include "crypto.h"

namespace sapulse {

SourceLimiter::SourceLimiter(const RateLimit& limit, const std::optional<HashKey>& key)
    : buckets_(kBuckets, TokenBucket(limit)) {
  if (key) {
    key_ = *key;
    return;
  }
  std::random_device random;
  for (std::uint8_t& byte : key_) byte = static_cast<std::uint8_t>(random());
}

TokenBucket& SourceLimiter::bucket(const IpAddress& source) {
  return buckets_[keyed_hash(key_, source.bytes()) % kBuckets];
}

}  // namespace sapulse
