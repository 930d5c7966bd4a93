// SPDX-License-Identifier: Apache-2.0
#include "source_limits.h"

#include <algorithm>

#include "ascon.h"

namespace sapulse::model {

std::uint32_t SourceLimits::index(std::uint64_t key, const ap_uint<128>& source) {
  const AsconState state = {0, key, 0, ap_uint<64>(source.range(127, 64)).to_uint64(),
                            ap_uint<64>(source.range(63, 0)).to_uint64()};
  return static_cast<std::uint32_t>(ascon(state, regs::kSourceHashRounds)[0] % regs::kSourceBuckets);
}

void SourceLimits::Bucket::refill(const Settings& settings, std::uint32_t now) {
  const std::uint32_t age = now - stamp;
  tokens = std::min(tokens, settings.burst);
  if (age > std::uint64_t{settings.burst} * settings.interval) {
    tokens = settings.burst;
  } else if (age >= settings.interval) {
    tokens = std::min(tokens + 1, settings.burst);
    stamp += settings.interval;
  }
  if (tokens == settings.burst) stamp = now;
}

bool SourceLimits::take(const Settings& settings, const ap_uint<128>& source, std::uint64_t uptime) {
  if (settings.interval == 0) return true;
  Bucket& bucket = buckets_.at(index(settings.key, source));
  bucket.refill(settings, static_cast<std::uint32_t>(uptime));
  if (bucket.tokens == 0) return false;
  --bucket.tokens;
  return true;
}

}  // namespace sapulse::model
