// SPDX-License-Identifier: Apache-2.0
// What a service that systemd has started tells it (sd_notify(3)). Started by anybody else it tells nobody.
#pragma once

#include <chrono>
#include <string>

namespace sapulse::command {

/// Not thread-safe.
class ServiceManager {
 public:
  using Clock = std::chrono::steady_clock;

  /// Asks the environment of this process whether somebody wants to be told, and how often (WatchdogSec= of the unit).
  ServiceManager();

  /// The service can be used. `status`: one line for `systemctl status`.
  static void ready(const std::string& status);
  static void stopping();

  /// Says that the service lives, if it is time: twice in the time that it is given. Returns how long it may sleep
  /// until it has to be called again; the longest time if nobody waits for it.
  std::chrono::nanoseconds alive(Clock::time_point now = Clock::now());

 private:
  std::chrono::nanoseconds period_;
  Clock::time_point due_{};
};

}  // namespace sapulse::command
