// SPDX-License-Identifier: Apache-2.0
#include "transmitter.h"

#include <algorithm>
#include <utility>

#include "kernel_chain.h"

namespace sapulse::model {

void Transmitter::push(Source source, Item item) {
  auto& queue = queues_[static_cast<std::size_t>(source)];
  const auto place = std::ranges::upper_bound(queue, item.ready, {}, &Item::ready);
  queue.insert(place, std::move(item));
}

std::optional<Transmitter::Choice> Transmitter::choose() const {
  if (held_) return std::nullopt;
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

std::uint64_t Transmitter::transfer(const Choice& choice) const {
  const std::size_t beats = beats_of(queues_[choice.queue].front().frame.size());
  // In the mean, when `stall_percent_` of the cycles carry none.
  return timing_.transfer((beats * 100 + (99 - stall_percent_)) / (100 - stall_percent_));
}

std::uint64_t Transmitter::last_beat(const Choice& choice) const {
  return choice.start + std::max<std::uint64_t>(transfer(choice), 1) - 1;
}

void Transmitter::hold(bool held, std::uint64_t cycle) {
  if (held_ && !held) free_ = std::max(free_, cycle);
  held_ = held;
}

std::optional<std::uint64_t> Transmitter::next() const {
  const auto choice = choose();
  if (!choice) return std::nullopt;
  return last_beat(*choice);
}

void Transmitter::advance(std::uint64_t cycle) {
  for (auto choice = choose(); choice && last_beat(*choice) <= cycle; choice = choose()) {
    const std::uint64_t last = last_beat(*choice);
    account(*choice);
    free_ = choice->start + transfer(*choice);
    Item item = std::move(queues_[choice->queue].front());
    queues_[choice->queue].pop_front();
    last_activity_ = last;
    count_.frames += 1;
    count_.bytes += item.frame.size();
    frames_.push_back({std::move(item.frame), item.bad, choice->start, last, 0, std::move(item.unfinished)});
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

}  // namespace sapulse::model
