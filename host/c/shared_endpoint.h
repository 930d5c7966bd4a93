// SPDX-License-Identifier: Apache-2.0
// An endpoint that is used by several threads, some of which wait for something.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "sapulse/device.h"
#include "sapulse/endpoint.h"
#include "sapulse/file_descriptor.h"

namespace sapulse::c {

/// A mutex whose owners have it in the order in which they have asked: one who asks again and again gets in nobody's
/// way.
class FairMutex {
 public:
  void lock();
  void unlock();

 private:
  std::mutex mutex_;
  std::condition_variable next_;
  std::uint64_t asked_ = 0;
  std::uint64_t served_ = 0;
};

/// Lets one thread at a time use an endpoint. Who waits for the card leaves it to the others, and looks again after
/// each of them: it may have made something due, or handled what was waited for. Thread-safe.
class SharedEndpoint {
 public:
  SharedEndpoint(std::unique_ptr<Device> device, std::unique_ptr<Endpoint> endpoint);

  /// Calls `use` with the endpoint, which nobody else has meanwhile but while it waits for a ping.
  Result<void> use(const std::function<Result<void>(Endpoint&)>& use);

  /// Waits for something that poll() has to handle, at most `timeout` of the card's time, and handles it. Errors: those
  /// of Endpoint.
  Result<void> poll(std::chrono::nanoseconds timeout);

  /// As Endpoint::event_descriptor() and prepare_sleep(); the descriptor also tells that another thread has used the
  /// endpoint. Errors: io_error (no descriptor left).
  Result<int> event_descriptor();
  Result<std::chrono::nanoseconds> prepare_sleep();

  /// Nobody may use it any more.
  Result<void> close() { return endpoint_->close(); }

 private:
  class Turn;

  /// Sleeps until the card or another thread has done something, at most until `end` on the card's clock. Called, and
  /// returns, with the endpoint taken.
  Result<void> sleep_until(std::uint64_t end);
  /// The card's clock in so much time.
  Result<std::uint64_t> time_in(std::chrono::nanoseconds time);
  void wake_sleepers();

  std::unique_ptr<Device> device_;
  std::unique_ptr<Endpoint> endpoint_;  // destroyed before the device
  FairMutex mutex_;
  std::vector<int> sleepers_;    ///< eventfds of threads that sleep
  FileDescriptor loop_sleeper_;  ///< one of these, for the caller's own loop
  FileDescriptor loop_event_;    ///< that and the device's
};

}  // namespace sapulse::c
