// SPDX-License-Identifier: Apache-2.0
#include "sapulse/counters.h"

namespace sapulse {

std::optional<std::uint64_t> Counters::find(std::string_view name) const {
  const auto counter = regs::find_counter(name);
  if (!counter) return std::nullopt;
  return (*this)[*counter];
}

std::string_view Counters::name(std::size_t position) { return regs::name(static_cast<Counter>(position)); }

std::uint64_t Counters::dropped() const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    if (name(i).starts_with("drop_")) sum += values_[i];
  }
  return sum;
}

std::int64_t Counters::unaccounted() const {
  const std::uint64_t accounted = (*this)[Counter::passed] + dropped() + (*this)[Counter::answered] +
                                  (*this)[Counter::echo_answered] + (*this)[Counter::keepalive] +
                                  (*this)[Counter::host] + (*this)[Counter::replies];
  return static_cast<std::int64_t>((*this)[Counter::line_rx_frames] - accounted);
}

}  // namespace sapulse
