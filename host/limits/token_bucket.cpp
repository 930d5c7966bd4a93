// SPDX-License-Identifier: Apache-2.0
#include "token_bucket.h"

#include <algorithm>

namespace sapulse {

bool TokenBucket::ready(std::uint64_t now) {
  if (interval_ == 0) return true;
  full_at_ = std::clamp(full_at_, now, now + interval_ * burst_);
  return full_at_ - now + interval_ <= interval_ * burst_;
}

void TokenBucket::take(std::uint64_t now) { full_at_ = std::max(full_at_, now) + interval_; }

}  // namespace sapulse
