// SPDX-License-Identifier: Apache-2.0
#include "receiver.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "axis_source.h"
#include "kernel_chain.h"

namespace sapulse::sim::fast {
namespace {

/// Cycles that the beats of a frame take in the mean when `stall_percent` of the cycles carry none.
std::uint64_t transfer_cycles(std::size_t bytes, unsigned stall_percent) {
  if (stall_percent == 0) return model::beats_of(bytes);
  return (model::beats_of(bytes) * 100 + (99 - stall_percent)) / (100 - stall_percent);
}

}  // namespace

Receiver::Receiver(const Pacing& pacing, double clock_mhz, unsigned stall_percent)
    : pacing_(pacing), clock_mhz_(clock_mhz), stall_percent_(stall_percent) {}

void Receiver::push(Frame frame, bool bad, std::uint64_t cycle) { queue_.push_back({std::move(frame), bad, cycle}); }

InputTime Receiver::front_time() const {
  const Queued& front = queue_.front();
  std::uint64_t first = std::max(not_before_, front.since);
  if (pacing_.line_rate) first = std::max(first, static_cast<std::uint64_t>(std::ceil(schedule_)));
  return {first, first + transfer_cycles(front.frame.size(), stall_percent_) - 1};
}

std::optional<std::uint64_t> Receiver::next() const {
  if (queue_.empty()) return std::nullopt;
  return front_time().last_cycle;
}

model::Arrival Receiver::pop() {
  const InputTime time = front_time();
  Queued front = std::move(queue_.front());
  queue_.pop_front();
  times_.push_back(time);
  count_.frames += 1;
  count_.bytes += front.frame.size();
  not_before_ = time.last_cycle + 1 + pacing_.gap;
  // An idle line does not deliver the next frame any sooner.
  const double due = std::max(schedule_, static_cast<double>(front.since));
  schedule_ = due + line_rate_cycles(front.frame.size(), clock_mhz_);
  return {std::move(front.frame), front.bad, time};
}

void Receiver::hold_until(std::uint64_t cycle) { not_before_ = std::max(not_before_, cycle); }
std::vector<InputTime> Receiver::take_times() { return std::exchange(times_, {}); }

}  // namespace sapulse::sim::fast
