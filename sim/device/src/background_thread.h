// SPDX-License-Identifier: Apache-2.0
// A thread that works while its owner does not.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace sapulse {

/// Calls a function over and over between run() and stop(). What the function uses is the thread's in between and the
/// owner's otherwise, so it needs no lock of its own. Not thread-safe: one owner.
class BackgroundThread {
 public:
  /// `step` returns whether there is more to do; after false it is not called until the next run().
  explicit BackgroundThread(std::function<bool()> step);
  /// Stops.
  ~BackgroundThread();
  BackgroundThread(const BackgroundThread&) = delete;
  BackgroundThread& operator=(const BackgroundThread&) = delete;

  void run();
  /// Returns when no step is under way.
  void stop();

 private:
  void work();

  std::function<bool()> step_;
  std::mutex mutex_;  ///< held during a step
  std::condition_variable changed_;
  bool running_ = false;
  bool ending_ = false;
  std::atomic<bool> wanted_{false};  ///< the owner waits for the mutex
  std::thread thread_;
};

}  // namespace sapulse
