// SPDX-License-Identifier: Apache-2.0
// Lets the simulated card run: the one thread that touches it, and the queue of what others want of it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <vector>

#include "sapulse/sim/card.h"

namespace sapulse::sim {

/// The card's time passes as fast as it can be simulated while there is anything to do; at rest it goes on in small
/// steps, so that its clock never stands still.
class CardThread {
 public:
  using Job = std::function<void(Card&)>;

  explicit CardThread(Card& card) : card_(card) {}

  /// Called between steps of the card, by its thread.
  void add_attendant(Job attendant) { attendants_.push_back(std::move(attendant)); }

  /// Lets the card run until stop(). Jobs are done in the order of their arrival.
  void run();
  void stop();

  /// Leaves a job and goes on. From any other thread, like the two that follow.
  void post(Job job);
  /// Waits while too many jobs are queued.
  void wait_for_room();
  /// Leaves a job and waits for its result; 0 when the card does not run any more.
  std::uint32_t call(const std::function<std::uint32_t(Card&)>& job);

 private:
  static constexpr std::size_t kMostJobs = 64;

  bool do_jobs();
  void rest();
  [[nodiscard]] bool busy() const;

  Card& card_;
  std::vector<Job> attendants_;
  std::mutex mutex_;
  std::condition_variable arrived_;  // a job, or the end
  std::condition_variable room_;
  std::deque<Job> jobs_;
  bool stopped_ = false;
};

}  // namespace sapulse::sim
