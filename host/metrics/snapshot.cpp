// SPDX-License-Identifier: Apache-2.0
#include "snapshot.h"

#include <algorithm>
#include <numeric>

namespace sapulse::metrics {

void RttHistogram::add(std::chrono::nanoseconds rtt) {
  const auto value = static_cast<std::uint64_t>(rtt.count());
  const auto* bound = std::ranges::lower_bound(kBounds, value);
  ++counts_.at(static_cast<std::size_t>(bound - kBounds.begin()));
  sum_ += value;
}

std::uint64_t RttHistogram::up_to(std::size_t i) const {
  return std::accumulate(counts_.begin(), counts_.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::uint64_t{0});
}

}  // namespace sapulse::metrics
