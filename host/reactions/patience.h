// SPDX-License-Identifier: Apache-2.0
// How long somebody waits.
#pragma once

#include <poll.h>

#include <chrono>
#include <span>

#include "sapulse/error.h"

namespace sapulse::reactions {

/// Waiting that ends at a time, or when it is called off. Thread-safe.
class Patience {
 public:
  /// `called_off`: descriptor that becomes readable, and stays so, when nobody wants to wait any more.
  Patience(std::chrono::nanoseconds longest, int called_off)
      : end_(std::chrono::steady_clock::now() + longest), called_off_(called_off) {}

  /// Waits until something has happened on one of the descriptors, whose `revents` are set. Errors: timeout (the time
  /// is over, or it was called off: the message says which), io_error.
  Result<void> wait(std::span<pollfd> descriptors) const;
  /// Errors: timeout, as wait().
  [[nodiscard]] Result<void> check() const;
  /// What is left of the time; 0 when it is over.
  [[nodiscard]] std::chrono::nanoseconds left() const;
  /// The descriptor.
  [[nodiscard]] int called_off() const { return called_off_; }

 private:
  std::chrono::steady_clock::time_point end_;
  int called_off_;
};

}  // namespace sapulse::reactions
