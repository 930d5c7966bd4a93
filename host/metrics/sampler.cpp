// SPDX-License-Identifier: Apache-2.0
#include "sampler.h"

#include <utility>

namespace sapulse::metrics {

/// A snapshot in the making.
struct Sampler::Run {
  Snapshot snapshot;
  std::uint32_t next_number = 0;  // of the SAs to be asked about
  std::size_t unanswered = 0;     // commands
};

Sampler::Sampler(Endpoint& endpoint, SnapshotExchange& exchange, std::string card)
    : endpoint_(endpoint), exchange_(exchange), card_(std::move(card)), histories_(std::make_shared<RttHistories>()) {}
Sampler::~Sampler() = default;

Result<void> Sampler::poll() {
  if (!run_) {
    if (!exchange_.is_wanted()) return {};
    if (auto begun = begin(); !begun) return begun;
  }
  ask();
  if (run_->next_number == endpoint_.sas().capacity() && run_->unanswered == 0) finish();
  return {};
}

std::chrono::nanoseconds Sampler::longest_sleep() const {
  // Else the answers wake us.
  const bool can_go_on = run_ && run_->unanswered < kMostUnanswered && run_->next_number < endpoint_.sas().capacity();
  return can_go_on ? std::chrono::nanoseconds(0) : std::chrono::nanoseconds::max();
}

Result<void> Sampler::begin() {
  const auto counters = endpoint_.card().counters();
  if (!counters) return tl::unexpected(counters.error());
  run_ = std::make_shared<Run>();
  run_->snapshot.card = card_;
  run_->snapshot.device = endpoint_.card().device().name();
  run_->snapshot.sa_capacity = endpoint_.sas().capacity();
  run_->snapshot.counters = *counters;
  run_->snapshot.sas.reserve(endpoint_.sas().size());
  return {};
}

void Sampler::ask() {
  const auto capacity = static_cast<std::uint32_t>(endpoint_.sas().capacity());
  for (std::uint32_t i = 0; i < kNumbersPerPoll && run_->next_number < capacity; ++i) {
    if (run_->unanswered >= kMostUnanswered) return;
    if (const SaInfo* sa = endpoint_.sas().find_number(run_->next_number)) ask_about(*sa);
    ++run_->next_number;
  }
}

void Sampler::ask_about(const SaInfo& sa) {
  const std::uint32_t spi = sa.spi_in;
  const std::size_t place = run_->snapshot.sas.size();  // a reference would not outlive the growth of the vector
  run_->snapshot.sas.push_back({.sa = sa, .liveness = endpoint_.monitor().find(spi)});
  // A command that finds no room, or fails, leaves its part of the sample empty.
  ++run_->unanswered;
  const auto asked = endpoint_.sas().start_statistics(spi, [run = std::weak_ptr(run_), place](const auto& answer) {
    const auto all = run.lock();
    if (!all) return;
    --all->unanswered;
    if (answer) all->snapshot.sas.at(place).statistics = *answer;
  });
  if (!asked) --run_->unanswered;
  if (!run_->snapshot.sas.at(place).liveness) return;
  ++run_->unanswered;
  const auto asked_prober = endpoint_.monitor().start_probe_status(
      spi, [run = std::weak_ptr(run_), histories = histories_, spi, place](const auto& answer) {
        const auto all = run.lock();
        if (!all) return;
        --all->unanswered;
        if (!answer) return;
        SaSample& sample = all->snapshot.sas.at(place);
        sample.probe = *answer;
        sample.rtts = histories->take(spi, *answer);
      });
  if (!asked_prober) --run_->unanswered;
}

void Sampler::finish() {
  histories_->forget_silent();
  run_->snapshot.rtts = histories_->total();
  run_->snapshot.taken = std::chrono::steady_clock::now();
  run_->snapshot.taken_at = std::chrono::system_clock::now();
  exchange_.publish(std::make_shared<const Snapshot>(std::move(run_->snapshot)));
  run_.reset();
}

}  // namespace sapulse::metrics
