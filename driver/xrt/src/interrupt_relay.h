// SPDX-License-Identifier: Apache-2.0
// An interrupt that can only be waited for, as a file descriptor.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"

namespace sapulse {

/// Waits in a thread of its own. The functions are for one thread at a time.
class InterruptRelay {
 public:
  /// Waits at most so long; whether the interrupt came. May throw.
  using Wait = std::function<bool(std::chrono::milliseconds timeout)>;

  /// Errors: io_error (no file descriptor).
  [[nodiscard]] static Result<std::unique_ptr<InterruptRelay>> create(Wait wait);
  /// Takes as long as one wait at most, a tenth of a second.
  ~InterruptRelay();
  InterruptRelay(const InterruptRelay&) = delete;
  InterruptRelay& operator=(const InterruptRelay&) = delete;

  /// Readable from an interrupt, or a failure of waiting, until clear().
  [[nodiscard]] int descriptor() const { return event_.get(); }
  /// Errors: device_error (waiting has failed, and is not tried again).
  Result<void> clear();

 private:
  InterruptRelay(Wait wait, FileDescriptor event);
  void work();

  Wait wait_;
  FileDescriptor event_;
  std::mutex mutex_;
  std::optional<Error> failed_;  ///< under the mutex
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace sapulse
