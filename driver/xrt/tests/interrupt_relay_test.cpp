// SPDX-License-Identifier: Apache-2.0
#include "interrupt_relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <condition_variable>
#include <stdexcept>

namespace sapulse {
namespace {

/// An interrupt that the test raises.
class Line {
 public:
  void raise(bool fail = false) {
    const std::lock_guard lock(mutex_);
    raised_ = true;
    fail_ = fail;
    changed_.notify_all();
  }
  bool wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, timeout, [this] { return raised_; })) return false;
    raised_ = false;
    if (fail_) throw std::runtime_error("the card is gone");
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool raised_ = false;
  bool fail_ = false;
};

bool is_readable(int descriptor, int timeout) {
  pollfd event{descriptor, POLLIN, 0};
  return ::poll(&event, 1, timeout) == 1;
}

TEST(InterruptRelay, MakesInterruptsReadableUntilTheyAreCleared) {
  Line line;
  const auto relay = InterruptRelay::create([&](auto timeout) { return line.wait(timeout); }).value();
  EXPECT_FALSE(is_readable(relay->descriptor(), 0));
  for (unsigned round = 0; round < 3; ++round) {
    line.raise();
    EXPECT_TRUE(is_readable(relay->descriptor(), -1));
    EXPECT_TRUE(relay->clear());
    EXPECT_FALSE(is_readable(relay->descriptor(), 0));
  }
}

TEST(InterruptRelay, AFailureWakesAndStays) {
  Line line;
  const auto relay = InterruptRelay::create([&](auto timeout) { return line.wait(timeout); }).value();
  line.raise(true);
  EXPECT_TRUE(is_readable(relay->descriptor(), -1));
  for (unsigned look = 0; look < 2; ++look) {
    const auto failed = relay->clear();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Errc::device_error);
    EXPECT_THAT(failed.error().message, testing::HasSubstr("the card is gone"));
  }
}

}  // namespace
}  // namespace sapulse
