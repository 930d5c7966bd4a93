// SPDX-License-Identifier: Apache-2.0
#include "axis_source.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sapulse::sim {

double line_rate_cycles(std::size_t bytes, double clock_mhz) {
  constexpr double kPreamble = 8;
  constexpr double kFcs = 4;
  constexpr double kGap = 12;
  constexpr double kMinimum = 60;
  constexpr double kBitsPerMicrosecond = 100e3;
  const double on_wire = kPreamble + std::max(static_cast<double>(bytes), kMinimum) + kFcs + kGap;
  return on_wire * 8 / kBitsPerMicrosecond * clock_mhz;
}

AxisSource::AxisSource(const Pacing& pacing, double clock_mhz, unsigned stall_percent, std::uint64_t seed)
    : pacing_(pacing), clock_mhz_(clock_mhz), stall_percent_(stall_percent), random_(seed) {}

void AxisSource::push(Frame frame, bool bad) { queue_.push_back({std::move(frame), bad}); }

bool AxisSource::may_offer(std::uint64_t cycle) {
  if (position_ != 0) return !random_.chance(stall_percent_);
  if (!pacing_.line_rate) return cycle >= not_before_ && !random_.chance(stall_percent_);
  return static_cast<double>(cycle) >= schedule_ && !random_.chance(stall_percent_);
}

void AxisSource::drive(std::uint64_t cycle, bool& valid, AxisBeat& beat) {
  valid = false;
  if (queue_.empty()) {
    // An idle line does not deliver the next frame any sooner.
    schedule_ = std::max(schedule_, static_cast<double>(cycle + 1));
    return;
  }
  if (!offered_ && !may_offer(cycle)) return;
  valid = true;
  if (offered_) return;  // the beat of the cycle before stays
  offered_ = true;
  const Queued& front = queue_.front();
  const std::size_t count = std::min(kBeatBytes, front.frame.size() - position_);
  beat.data = {};
  std::memcpy(beat.data.data(), front.frame.data() + position_, count);
  beat.keep = count == kBeatBytes ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  beat.last = position_ + count == front.frame.size();
  beat.user = beat.last && front.bad;
}

void AxisSource::observe(std::uint64_t cycle, bool transferred) {
  if (!transferred) return;
  offered_ = false;
  if (position_ == 0) {
    time_.first_cycle = cycle;
    schedule_ += line_rate_cycles(queue_.front().frame.size(), clock_mhz_);
  }
  position_ += std::min(kBeatBytes, queue_.front().frame.size() - position_);
  if (position_ == queue_.front().frame.size()) finish_frame(cycle);
}

void AxisSource::finish_frame(std::uint64_t cycle) {
  time_.last_cycle = cycle;
  times_.push_back(time_);
  count_.frames += 1;
  count_.bytes += queue_.front().frame.size();
  queue_.pop_front();
  position_ = 0;
  not_before_ = cycle + 1 + pacing_.gap;
}

void AxisSource::reset() {
  offered_ = false;
  position_ = 0;
}

std::vector<InputTime> AxisSource::take_times() { return std::exchange(times_, {}); }

}  // namespace sapulse::sim
