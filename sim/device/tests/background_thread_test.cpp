// SPDX-License-Identifier: Apache-2.0
// Run under ThreadSanitizer, too: what the thread does is not locked by anything but the class itself.
#include "background_thread.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <optional>

namespace sapulse {
namespace {

/// Counts steps, with a number that only run() and stop() protect.
class Counting {
 public:
  Counting() : thread_([this] { return step(); }) {}

  /// Until so many steps have been made in all.
  void await(unsigned steps) {
    std::unique_lock lock(mutex_);
    reached_.wait(lock, [&] { return told_ >= steps; });
  }
  BackgroundThread& thread() { return thread_; }
  unsigned steps = 0;
  unsigned most = 1'000'000;

 private:
  bool step() {
    ++steps;
    {
      const std::lock_guard lock(mutex_);
      told_ = steps;
    }
    reached_.notify_one();
    return steps < most;
  }

  std::mutex mutex_;
  std::condition_variable reached_;
  unsigned told_ = 0;
  BackgroundThread thread_;
};

TEST(BackgroundThread, WorksBetweenRunAndStopOnly) {
  Counting counting;
  EXPECT_EQ(counting.steps, 0U);
  for (unsigned round = 1; round <= 100; ++round) {
    const unsigned next = counting.steps + 1;
    counting.thread().run();
    counting.await(next);
    counting.thread().stop();
    const unsigned made = counting.steps;
    EXPECT_GE(made, round);
    counting.steps = made;  // the owner's: a step now would be a race
  }
}

TEST(BackgroundThread, EndsByItselfUntilItIsRunAgain) {
  Counting counting;
  counting.most = 10;
  counting.thread().run();
  counting.await(10);
  counting.thread().stop();
  EXPECT_EQ(counting.steps, 10U);
  counting.thread().run();
  counting.await(11);
  counting.thread().stop();
  EXPECT_EQ(counting.steps, 11U);
}

TEST(BackgroundThread, CanBeStoppedTwiceAndEndedWhileItRuns) {
  Counting counting;
  counting.thread().stop();
  counting.thread().stop();
  counting.thread().run();
}

}  // namespace
}  // namespace sapulse
