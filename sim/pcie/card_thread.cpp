// SPDX-License-Identifier: Apache-2.0
#include "card_thread.h"

#include <chrono>
#include <utility>

namespace sapulse::sim {
namespace {

constexpr std::uint64_t kStep = 8;          // cycles between two looks at the world
constexpr std::uint64_t kRestAfter = 2000;  // cycles without any traffic
constexpr std::uint64_t kRestStep = 64;     // cycles per kRestTime at rest
constexpr auto kRestTime = std::chrono::milliseconds(1);

}  // namespace

void CardThread::run() {
  while (true) {
    const bool had_jobs = do_jobs();
    {
      const std::scoped_lock lock(mutex_);
      if (stopped_) break;
    }
    card_.step(kStep);
    for (const Job& attendant : attendants_) attendant(card_);
    if (!had_jobs && !busy()) rest();
  }
  (void)do_jobs();
}

void CardThread::stop() {
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  arrived_.notify_all();
  room_.notify_all();
}

bool CardThread::busy() const {
  return card_.pending(Port::line) > 0 || card_.pending(Port::core) > 0 || card_.transferring() ||
         card_.cycle() - card_.last_activity() < kRestAfter;
}

void CardThread::rest() {
  {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, kRestTime, [this] { return !jobs_.empty() || stopped_; });
  }
  card_.step(kRestStep);
}

bool CardThread::do_jobs() {
  bool any = false;
  while (true) {
    Job job;
    {
      const std::scoped_lock lock(mutex_);
      if (jobs_.empty()) return any;
      job = std::move(jobs_.front());
      jobs_.pop_front();
      room_.notify_one();
    }
    any = true;
    job(card_);
  }
}

void CardThread::post(Job job) {
  const std::scoped_lock lock(mutex_);
  if (stopped_) return;
  jobs_.push_back(std::move(job));
  arrived_.notify_one();
}

void CardThread::wait_for_room() {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [this] { return jobs_.size() < kMostJobs || stopped_; });
}

std::uint32_t CardThread::call(const std::function<std::uint32_t(Card&)>& job) {
  std::promise<std::uint32_t> result;
  auto future = result.get_future();
  {
    const std::scoped_lock lock(mutex_);
    if (stopped_) return 0;
    jobs_.push_back([&](Card& card) { result.set_value(job(card)); });
    arrived_.notify_one();
  }
  return future.get();
}

}  // namespace sapulse::sim
