// SPDX-License-Identifier: Apache-2.0
// What the blocks of the card share.
#pragma once

#include <array>
#include <cstdint>

#include "card_clock.h"
#include "host_rings.h"
#include "rate_limits.h"
#include "sa_tables.h"
#include "source_limits.h"
#include "timing.h"

namespace sapulse::model {

using Counters = std::array<std::uint64_t, regs::kCounterCount>;

struct Shell {
  RegisterFile& registers;
  SaTables& tables;
  RateLimits& limits;
  SourceLimits& sources;
  HostRings& rings;
  CardClock& clock;
  Counters& counters;
  const Timing& timing;

  void count(regs::Counter counter, std::uint64_t by = 1) const { counters[static_cast<std::size_t>(counter)] += by; }
};

}  // namespace sapulse::model
