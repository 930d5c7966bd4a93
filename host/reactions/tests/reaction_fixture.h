// SPDX-License-Identifier: Apache-2.0
// What tests of reactions have in common.
#pragma once

#include <sys/eventfd.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "patience.h"
#include "sapulse/file_descriptor.h"
#include "sapulse/liveness.h"

namespace sapulse::reactions::test {

inline LivenessChange change_of(const std::string& name, Liveness to = Liveness::down) {
  return {.spi_in = 0x1000,
          .spi_out = 0x2000,
          .name = name,
          .peer = IpAddress::v4(0xc6336401),
          .from = Liveness::up,
          .to = to,
          .reason = LivenessReason::silence,
          .mode = ProbeMode::card,
          .time = 5,
          .evidence = {}};
}

/// Patience that a test can end.
class TestPatience {
 public:
  explicit TestPatience(std::chrono::nanoseconds longest = std::chrono::minutes(1))
      : event_(::eventfd(0, EFD_CLOEXEC)), patience_(longest, event_.get()) {}

  void call_off() const { (void)::eventfd_write(event_.get(), 1); }
  [[nodiscard]] const Patience& get() const { return patience_; }

 private:
  FileDescriptor event_;
  Patience patience_;
};

/// Collects lines from any thread.
class Lines {
 public:
  void add(const std::string& line) {
    const std::scoped_lock lock(mutex_);
    lines_.push_back(line);
    more_.notify_all();
  }
  /// Waits until there are so many, and returns them.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    more_.wait(lock, [&] { return lines_.size() >= count; });
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<std::string> lines_;
};

}  // namespace sapulse::reactions::test
