// SPDX-License-Identifier: Apache-2.0
#include "sapulse/sim/card.h"

#include <fmt/format.h>

#include "fast_card.h"
#include "verilated_card.h"

namespace sapulse::sim {
namespace {

constexpr unsigned kStallLimit = 99;

/// What holds for every model.
Result<void> check(const CardOptions& options) {
  const auto invalid = [](std::string message) { return failure(Errc::invalid_argument, std::move(message)); };
  if (!(options.clock_mhz >= 1 && options.clock_mhz <= 1000)) {
    return invalid(fmt::format("clock of {} MHz is not between 1 and 1000 MHz", options.clock_mhz));
  }
  for (const unsigned percent : {options.source_stall_percent, options.sink_stall_percent}) {
    if (percent > kStallLimit)
      return invalid(fmt::format("stalls of {} % are not between 0 and {} %", percent, kStallLimit));
  }
  if (options.memory_latency_min > options.memory_latency_max) {
    return invalid(fmt::format("memory latency {} to {} cycles is no range", options.memory_latency_min,
                               options.memory_latency_max));
  }
  return {};
}

}  // namespace

std::vector<unsigned> Card::capacities() { return VerilatedCard::capacities(); }

Result<std::unique_ptr<Card>> Card::create(const CardOptions& options, DmaTarget* host_memory) {
  if (auto good = check(options); !good) return tl::unexpected(good.error());
  if (options.model == ModelKind::fast) return fast::FastCard::create(options, host_memory);
  return VerilatedCard::create(options, host_memory);
}

std::uint64_t Card::nanoseconds(std::uint64_t cycle) const {
  return static_cast<std::uint64_t>(static_cast<double>(cycle) * 1000.0 / options_.clock_mhz);
}

}  // namespace sapulse::sim
