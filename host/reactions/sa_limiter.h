// SPDX-License-Identifier: Apache-2.0
// A limit for each SA.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "token_bucket.h"

namespace sapulse::reactions {

/// Token buckets by names of SAs, which outlive rekeying. Not thread-safe.
class SaLimiter {
 public:
  explicit SaLimiter(const RateLimit& limit) : limit_(limit) {}

  /// Whether the SA has a token at `now`, ns.
  [[nodiscard]] bool ready(const std::string& name, std::uint64_t now);
  /// Takes a token, which there must be.
  void take(const std::string& name, std::uint64_t now);
  /// Buckets that are kept.
  [[nodiscard]] std::size_t size() const { return buckets_.size(); }

 private:
  struct Entry {
    TokenBucket bucket;
    std::uint64_t used = 0;  // last, ns
  };

  void forget_full(std::uint64_t now);

  RateLimit limit_;
  std::unordered_map<std::string, Entry> buckets_;
  std::size_t forget_at_ = 1024;  // buckets, when those that are full again are forgotten
};

}  // namespace sapulse::reactions
