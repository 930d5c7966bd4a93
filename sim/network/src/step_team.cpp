// SPDX-License-Identifier: Apache-2.0
#include "step_team.h"

namespace sapulse::sim {

StepTeam::StepTeam(std::size_t threads) : gate_(static_cast<std::ptrdiff_t>(threads)) {
  for (std::size_t i = 1; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

StepTeam::~StepTeam() {
  stop_ = true;  // seen after the gate
  if (!threads_.empty()) gate_.arrive_and_wait();
  for (std::thread& thread : threads_) thread.join();
}

void StepTeam::run(std::size_t count, const Job& job) {
  job_ = &job;
  count_ = count;
  next_ = 0;
  gate_.arrive_and_wait();
  drain();
  gate_.arrive_and_wait();
}

void StepTeam::work() {
  for (;;) {
    gate_.arrive_and_wait();
    if (stop_) return;
    drain();
    gate_.arrive_and_wait();
  }
}

void StepTeam::drain() {
  for (std::size_t i = next_++; i < count_; i = next_++) (*job_)(i);
}

}  // namespace sapulse::sim
