// SPDX-License-Identifier: Apache-2.0
#include "sapulse/sim/wire.h"

#include <fmt/format.h>

#include <utility>

namespace sapulse::sim {

Result<void> Wire::set_conditions(const WireConditions& conditions) {
  for (const double probability : {conditions.loss, conditions.duplication}) {
    if (!(probability >= 0 && probability <= 1)) {
      return failure(Errc::invalid_argument, fmt::format("a probability of {} is not between 0 and 1", probability));
    }
  }
  conditions_ = conditions;
  return {};
}

// 53 bits of the generator as a fraction: standard distributions differ from library to library.
bool Wire::chance(double probability) { return static_cast<double>(random_() >> 11) * 0x1p-53 < probability; }

void Wire::arrive_after_delay(std::uint64_t cycle, Frame frame) {
  std::uint64_t arrival = cycle + conditions_.delay;
  if (conditions_.spread != 0) arrival += random_() % (conditions_.spread + 1);
  under_way_.emplace(arrival, std::move(frame));
}

void Wire::offer(std::uint64_t cycle, Frame frame) {
  ++count_.offered;
  if (conditions_.cut) {
    ++count_.cut;
  } else if (filter_ && filter_(frame)) {
    ++count_.filtered;
  } else if (chance(conditions_.loss)) {
    ++count_.lost;
  } else {
    if (chance(conditions_.duplication)) {
      ++count_.duplicated;
      arrive_after_delay(cycle, frame);
    }
    arrive_after_delay(cycle, std::move(frame));
  }
}

void Wire::inject(std::uint64_t cycle, Frame frame) {
  ++count_.injected;
  under_way_.emplace(cycle, std::move(frame));
}

std::vector<Frame> Wire::take(std::uint64_t cycle) {
  std::vector<Frame> frames;
  const auto end = under_way_.upper_bound(cycle);
  for (auto next = under_way_.begin(); next != end; next = under_way_.erase(next)) {
    frames.push_back(std::move(next->second));
  }
  count_.delivered += frames.size();
  return frames;
}

}  // namespace sapulse::sim
