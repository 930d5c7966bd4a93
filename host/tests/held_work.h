// SPDX-License-Identifier: Apache-2.0
// Work that ends no sooner than probes have gone on beside it.
#pragma once

#include <atomic>
#include <chrono>
#include <semaphore>

#include "fake_device.h"

namespace sapulse::test {

/// Holds work until so many probes have been sent by a card with a fake requester, whose pings it answers. The device
/// must not ask any more once this object has gone.
class HeldWork {
 public:
  static constexpr unsigned kProbes = 20;  ///< more than any multiplier

  explicit HeldWork(FakeDevice& device) {
    device.requester.answer = [this](const FakePing& ping) {
      if (holds_ && ++probes_ == kProbes) enough_.release();
      return FakeReply{.n = 100 + ping.n, .telemetry = {}};
    };
  }

  /// For the work: returns when there have been enough probes, or never will be.
  void hold() {
    holds_ = true;
    was_probed_ = enough_.try_acquire_for(kPatience);
    holds_ = false;
  }
  /// Afterwards.
  [[nodiscard]] bool was_probed() const { return was_probed_; }

 private:
  static constexpr auto kPatience = std::chrono::seconds(60);

  std::atomic<bool> holds_ = false;
  unsigned probes_ = 0;
  bool was_probed_ = false;
  std::binary_semaphore enough_{0};
};

}  // namespace sapulse::test
