// SPDX-License-Identifier: Apache-2.0
// Clock of the card in nanoseconds (rtl/host/clock_ns.sv): an increment of 16.32 fixed point a cycle.
#pragma once

#include <cstdint>
#include <optional>

namespace sapulse::model {

class CardClock {
 public:
  /// Begins at 0 in `cycle`.
  CardClock(std::uint64_t cycle, std::uint64_t increment) : increment_(increment), now_{cycle, 0}, uptime_{cycle, 0} {}

  [[nodiscard]] std::uint64_t now(std::uint64_t cycle) const { return nanoseconds(now_, cycle); }
  /// Since reset; never set.
  [[nodiscard]] std::uint64_t uptime(std::uint64_t cycle) const { return nanoseconds(uptime_, cycle); }
  /// First cycle whose uptime is `uptime` or more; nothing if that is never.
  [[nodiscard]] std::optional<std::uint64_t> cycle_at(std::uint64_t uptime) const {
    const Fixed wanted = static_cast<Fixed>(uptime) << kFractionBits;
    if (wanted <= uptime_.value) return uptime_.cycle;
    if (increment_ == 0) return std::nullopt;
    const Fixed cycles = (wanted - uptime_.value - 1) / increment_ + 1;
    if (cycles > UINT64_MAX - uptime_.cycle) return std::nullopt;
    return uptime_.cycle + static_cast<std::uint64_t>(cycles);
  }
  [[nodiscard]] std::uint64_t increment() const { return increment_; }

  void set(std::uint64_t cycle, std::uint64_t value) { now_ = {cycle, static_cast<Fixed>(value) << kFractionBits}; }
  void set_increment(std::uint64_t cycle, std::uint64_t increment) {
    now_ = {cycle, value(now_, cycle)};
    uptime_ = {cycle, value(uptime_, cycle)};
    increment_ = increment;
  }

 private:
  static constexpr unsigned kFractionBits = 32;
  using Fixed = unsigned _BitInt(96);
  /// A clock that showed `value` in `cycle`.
  struct Reading {
    std::uint64_t cycle;
    Fixed value;
  };

  [[nodiscard]] Fixed value(const Reading& from, std::uint64_t cycle) const {
    return from.value + static_cast<Fixed>(cycle - from.cycle) * increment_;
  }
  [[nodiscard]] std::uint64_t nanoseconds(const Reading& from, std::uint64_t cycle) const {
    return static_cast<std::uint64_t>(value(from, cycle) >> kFractionBits);
  }

  std::uint64_t increment_;
  Reading now_;
  Reading uptime_;
};

}  // namespace sapulse::model
