// SPDX-License-Identifier: Apache-2.0
#include "frame_queues.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "axis_source.h"
#include "kernel_chain.h"

namespace sapulse::sim::fast {
namespace {

/// Cycles that the beats of a frame take in the mean when `stall_percent` of the cycles carry none.
std::uint64_t transfer_cycles(std::size_t bytes, unsigned stall_percent) {
  return (beats_of(bytes) * 100 + (99 - stall_percent)) / (100 - stall_percent);
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

Receiver::Arrival Receiver::pop() {
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

void Transmitter::push(Source source, Item item) {
  auto& queue = queues_[static_cast<std::size_t>(source)];
  const auto place = std::ranges::upper_bound(queue, item.ready, {}, &Item::ready);
  queue.insert(place, std::move(item));
}

std::optional<Transmitter::Choice> Transmitter::choose() const {
  std::uint64_t start = UINT64_MAX;
  for (const auto& queue : queues_) {
    if (!queue.empty()) start = std::min(start, std::max(free_, queue.front().ready));
  }
  if (start == UINT64_MAX) return std::nullopt;
  const Source source = next_control(start).value_or(Source::customer);
  return Choice{static_cast<std::size_t>(source), start};
}

bool Transmitter::waits(Source source, std::uint64_t cycle) const {
  const auto& queue = queues_[static_cast<std::size_t>(source)];
  return !queue.empty() && queue.front().ready <= cycle;
}

bool Transmitter::may_begin(Source control, std::uint64_t cycle) const {
  if (!waits(control, cycle)) return false;
  return !waits(Source::customer, cycle) || (!overtaken_ && ahead_[static_cast<std::size_t>(control)] >= share_());
}

std::optional<Source> Transmitter::next_control(std::uint64_t cycle) const {
  const Source other = last_control_ == Source::answer ? Source::host : Source::answer;
  for (const Source source : {other, last_control_}) {
    if (may_begin(source, cycle)) return source;
  }
  return std::nullopt;
}

void Transmitter::account(const Choice& choice) {
  const auto source = static_cast<Source>(choice.queue);
  overtaken_ = source != Source::customer;
  if (overtaken_) {
    last_control_ = source;
    ahead_[choice.queue] = 0;
    return;
  }
  for (const Source control : {Source::answer, Source::host}) {
    std::uint64_t& ahead = ahead_[static_cast<std::size_t>(control)];
    ahead = waits(control, choice.start) ? ahead + queues_[choice.queue].front().frame.size() : 0;
  }
}

std::uint64_t Transmitter::last_beat(const Choice& choice) const {
  return choice.start + transfer_cycles(queues_[choice.queue].front().frame.size(), stall_percent_) - 1;
}

void Transmitter::advance(std::uint64_t cycle) {
  for (auto choice = choose(); choice && last_beat(*choice) <= cycle; choice = choose()) {
    const std::uint64_t last = last_beat(*choice);
    account(*choice);
    Item item = std::move(queues_[choice->queue].front());
    queues_[choice->queue].pop_front();
    free_ = last + 1;
    last_activity_ = last;
    count_.frames += 1;
    count_.bytes += item.frame.size();
    frames_.push_back({std::move(item.frame), item.bad, choice->start, last, 0});
    if (item.left) item.left(frames_.back());
  }
}

bool Transmitter::empty() const { return std::ranges::all_of(queues_, &std::deque<Item>::empty); }

bool Transmitter::active(std::uint64_t cycle) const {
  const auto choice = choose();
  return choice && choice->start <= cycle;
}

void Transmitter::reset(std::uint64_t cycle) {
  for (auto& queue : queues_) queue.clear();
  free_ = cycle;
  ahead_ = {};
  overtaken_ = false;
  last_control_ = Source::host;
}

std::vector<OutputFrame> Transmitter::take_frames() { return std::exchange(frames_, {}); }

}  // namespace sapulse::sim::fast
