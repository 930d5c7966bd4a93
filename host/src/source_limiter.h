// SPDX-License-Identifier: Apache-2.0
// Rate limits per source address.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sapulse/address.h"
#include "token_bucket.h"

namespace sapulse {

/// A fixed number of token buckets, chosen by a keyed hash: bounded memory whatever the sources are, and no source can
/// find out which others share its bucket.
class SourceLimiter {
 public:
  using HashKey = std::array<std::uint8_t, 16>;
  static constexpr std::size_t kBuckets = 1024;

  /// `key`: of the hash; absent: random.
  SourceLimiter(const RateLimit& limit, const std::optional<HashKey>& key);

  [[nodiscard]] TokenBucket& bucket(const IpAddress& source);

 private:
  HashKey key_{};
  std::vector<TokenBucket> buckets_;
};

}  // namespace sapulse
