// SPDX-License-Identifier: Apache-2.0
// Threads that share the work of one step of several cards.
#pragma once

#include <atomic>
#include <barrier>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace sapulse::sim {

/// Runs jobs on all cores of the computer, the calling thread included. Its threads wait between two runs.
class StepTeam {
 public:
  using Job = std::function<void(std::size_t number)>;

  /// At most `threads` threads, the caller among them.
  explicit StepTeam(std::size_t threads);
  ~StepTeam();
  StepTeam(const StepTeam&) = delete;
  StepTeam& operator=(const StepTeam&) = delete;

  /// Calls job(0) to job(count - 1), each once, and returns when all have returned. A job must not throw.
  void run(std::size_t count, const Job& job);

 private:
  void work();
  void drain();

  std::barrier<> gate_;  // passed at the start and at the end of each run
  const Job* job_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_ = 0;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sapulse::sim
