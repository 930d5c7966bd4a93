// SPDX-License-Identifier: Apache-2.0
// Times as the prober counts them.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "sapulse/event.h"
#include "sapulse/registers.h"

namespace sapulse {

/// Longest interval and longest time of the prober, units of 2^PROBE_TICK_LOG2 ns.
inline constexpr std::uint32_t kMostIntervalTicks = (1U << 30) - 1;
inline constexpr std::uint32_t kMostProbeTicks = (1U << 31) - 1;

/// Rounded up, so that a positive time is at least one tick and detection never comes early.
constexpr std::uint64_t to_ticks(std::chrono::nanoseconds time) {
  constexpr std::uint64_t kRound = (std::uint64_t{1} << regs::kProbeTickLog2) - 1;
  return (static_cast<std::uint64_t>(time.count()) + kRound) >> regs::kProbeTickLog2;
}

constexpr std::chrono::nanoseconds from_ticks(std::uint32_t ticks) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(ticks) << regs::kProbeTickLog2);
}

/// The fields that an event of the prober and the completion of PROBE_READ have in common.
template <class View>
ProbeStatus make_probe_status(const View& view) {
  ProbeStatus status{.state = view.state(),
                     .rtt = std::nullopt,
                     .heard = from_ticks(view.heard()),
                     .probes = view.probes(),
                     .replies = view.replies()};
  if (status.replies > 0) status.rtt = std::chrono::nanoseconds(view.rtt());
  return status;
}

}  // namespace sapulse
