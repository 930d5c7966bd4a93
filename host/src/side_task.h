// SPDX-License-Identifier: Apache-2.0
// Work in a thread of its own, whose end can be waited for beside other things.
#pragma once

#include <functional>
#include <future>
#include <thread>

#include "sapulse/file_descriptor.h"

namespace sapulse {

/// Runs `work` once, from the construction on.
class SideTask {
 public:
  /// Where the system has no thread or descriptor left, the work is done here and now.
  explicit SideTask(std::function<void()> work);
  /// Waits for the end.
  ~SideTask();
  SideTask(const SideTask&) = delete;
  SideTask& operator=(const SideTask&) = delete;

  /// Readable once the work has ended.
  [[nodiscard]] int descriptor() const { return ended_.get(); }
  [[nodiscard]] bool has_ended() const;
  /// Waits for the end. Throws what the work has thrown.
  void finish();

 private:
  FileDescriptor ended_;
  std::packaged_task<void()> work_;
  std::future<void> result_;
  std::thread thread_;
};

}  // namespace sapulse
