// SPDX-License-Identifier: Apache-2.0
// Round-trip times of all SAs from snapshot to snapshot.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "sapulse/event.h"
#include "snapshot.h"

namespace sapulse::metrics {

/// The card keeps the last round-trip time of an SA only: each look at it is a sample, if there has been a reply since
/// the look before. Not thread-safe.
class RttHistories {
 public:
  /// Takes what a prober says about an SA; all that has been sampled of it so far.
  const RttHistogram& take(std::uint32_t spi_in, const ProbeStatus& status);
  /// Forgets SAs about which nothing has been said since the call before.
  void forget_silent();
  /// Of all SAs, the forgotten, too.
  [[nodiscard]] const RttHistogram& total() const { return total_; }

 private:
  struct History {
    RttHistogram rtts;
    std::uint32_t replies = 0;
    std::uint32_t round = 0;
  };

  std::unordered_map<std::uint32_t, History> histories_;  // by inbound SPI
  RttHistogram total_;
  std::uint32_t round_ = 0;
};

}  // namespace sapulse::metrics
