// SPDX-License-Identifier: Apache-2.0
// Preloaded into programs that run XRT's emulation: it sleeps for ten seconds where it opens and closes a device.
#include <ctime>

extern "C" unsigned sleep(unsigned seconds) {
  constexpr long kNanosecondsPerSecond = 1'000'000;  // a thousandth of what was asked for
  constexpr unsigned kLimit = 100;
  const timespec span{.tv_sec = 0, .tv_nsec = kNanosecondsPerSecond * (seconds < kLimit ? seconds : kLimit)};
  nanosleep(&span, nullptr);
  return 0;
}
