// SPDX-License-Identifier: Apache-2.0
#include "service_manager.h"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace sapulse::command {
namespace {

constexpr auto kForever = std::chrono::nanoseconds::max();

std::chrono::nanoseconds watchdog_period() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return kForever;
  return std::chrono::microseconds(microseconds) / 2;
}

}  // namespace

ServiceManager::ServiceManager() : period_(watchdog_period()) {}

void ServiceManager::ready(const std::string& status) { (void)sd_notify(0, ("READY=1\nSTATUS=" + status).c_str()); }

void ServiceManager::stopping() { (void)sd_notify(0, "STOPPING=1"); }

std::chrono::nanoseconds ServiceManager::alive(Clock::time_point now) {
  if (period_ == kForever) return kForever;
  if (now >= due_) {
    (void)sd_notify(0, "WATCHDOG=1");
    due_ = now + period_;
  }
  return due_ - now;
}

}  // namespace sapulse::command
