// SPDX-License-Identifier: Apache-2.0
// Time that does not depend on what else the machine does.
#pragma once

#include <time.h>

namespace sapulse::bench {

/// Processor time of this thread, s.
inline double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace sapulse::bench
