// SPDX-License-Identifier: Apache-2.0
// Time of the prober in ticks of 2^PROBE_TICK_LOG2 ns (rtl/prober/prober_clock.sv). Stands still while the prober is
// off.
#pragma once

#include <cstdint>
#include <optional>

#include "card_clock.h"
#include "sapulse/registers.h"

namespace sapulse::model {

class ProbeClock {
 public:
  explicit ProbeClock(const CardClock& clock) : clock_(clock) {}

  void reset() {
    running_ = false;
    passed_ = since_ = 0;
  }
  void set_running(bool running, std::uint64_t cycle) {
    passed_ = nanoseconds(cycle);
    since_ = clock_.uptime(cycle);
    running_ = running;
  }
  [[nodiscard]] bool running() const { return running_; }

  /// Ticks since reset. The card keeps 32 bits of them.
  [[nodiscard]] std::uint64_t tick(std::uint64_t cycle) const { return nanoseconds(cycle) >> regs::kProbeTickLog2; }
  /// First cycle in which `tick` has been reached, or any before this one; nothing if that is never, as things are.
  [[nodiscard]] std::optional<std::uint64_t> cycle_at(std::uint64_t tick) const {
    const std::uint64_t wanted = tick << regs::kProbeTickLog2;
    if (wanted <= passed_) return 0;
    return running_ ? clock_.cycle_at(since_ + wanted - passed_) : std::nullopt;
  }

 private:
  [[nodiscard]] std::uint64_t nanoseconds(std::uint64_t cycle) const {
    return passed_ + (running_ ? clock_.uptime(cycle) - since_ : 0);
  }

  const CardClock& clock_;
  bool running_ = false;
  std::uint64_t passed_ = 0;  // ns before `since_`
  std::uint64_t since_ = 0;   // uptime at the last change
};

}  // namespace sapulse::model
