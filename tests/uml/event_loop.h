// SPDX-License-Identifier: Apache-2.0
// Waits as a service does.
#pragma once

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "kernel_sas.h"

namespace sapulse::kernel::test {

/// Sleeps until `sas` has something to do, at most until `end`.
inline void sleep_until_due(const KernelSas& sas, std::chrono::steady_clock::time_point end) {
  std::vector<pollfd> wake;
  for (const int descriptor : sas.event_descriptors()) wake.push_back({descriptor, POLLIN, 0});
  const auto left = std::min(sas.next_due().value_or(end), end) - std::chrono::steady_clock::now();
  const auto rounded_up = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  (void)::poll(wake.data(), wake.size(), static_cast<int>(std::max<std::int64_t>(rounded_up, 0)));
}

}  // namespace sapulse::kernel::test
