// SPDX-License-Identifier: Apache-2.0
// What is known about a card and its SAs at one moment.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sapulse/counters.h"
#include "sapulse/event.h"
#include "sapulse/liveness.h"
#include "sapulse/sa.h"

namespace sapulse::metrics {

/// Round-trip times in classes.
class RttHistogram {
 public:
  /// Upper bounds of all classes but the last, ns.
  static constexpr std::array<std::uint64_t, 11> kBounds{20'000,      50'000,      200'000,    1'000'000,
                                                         5'000'000,   10'000'000,  20'000'000, 50'000'000,
                                                         100'000'000, 200'000'000, 500'000'000};

  void add(std::chrono::nanoseconds rtt);
  /// Values up to kBounds[i]; for i = kBounds.size() all.
  [[nodiscard]] std::uint64_t up_to(std::size_t i) const;
  [[nodiscard]] std::uint64_t sum_ns() const { return sum_; }

 private:
  std::array<std::uint32_t, kBounds.size() + 1> counts_{};
  std::uint64_t sum_ = 0;
};

/// One SA.
struct SaSample {
  SaInfo sa;
  std::optional<LivenessInfo> liveness{};    ///< absent: not watched
  std::optional<ProbeStatus> probe{};        ///< absent: not watched, or not to be had
  std::optional<SaStatistics> statistics{};  ///< absent: not to be had
  RttHistogram rtts{};                       ///< one value for each snapshot before which there was a reply
};

/// A card and all its SAs.
struct Snapshot {
  std::string card{};  ///< its name; empty: the service has one only
  std::string device;
  std::size_t sa_capacity = 0;
  Counters counters;
  std::vector<SaSample> sas;
  RttHistogram rtts;  ///< of all SAs that there have been
  std::chrono::steady_clock::time_point taken;
  std::chrono::system_clock::time_point taken_at;  ///< the same for people
};

/// Shared by those who read it.
using SnapshotPointer = std::shared_ptr<const Snapshot>;

}  // namespace sapulse::metrics
