// SPDX-License-Identifier: Apache-2.0
// Asks on many SAs on its own, judges the replies and tells changes of state (rtl/prober).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "probe_clock.h"
#include "probe_entry.h"

namespace sapulse::model {

/// What the prober hands out. Each is refused while there is no room, and tried again one sweep later.
class ProberTarget {
 public:
  virtual ~ProberTarget() = default;
  ProberTarget() = default;
  ProberTarget(const ProberTarget&) = delete;
  ProberTarget& operator=(const ProberTarget&) = delete;

  [[nodiscard]] virtual bool probe_room(std::uint64_t cycle) const = 0;
  virtual void send_probe(std::uint32_t sa, std::uint32_t number, std::uint32_t length, std::uint64_t cycle) = 0;
  [[nodiscard]] virtual bool change_room() const = 0;
  virtual void tell_change(std::uint32_t sa, regs::ProbeState previous, const ProbeReport& report,
                           std::uint64_t cycle) = 0;
};

/// The card's sweep visits one entry in two cycles, for ever. Here only those visits take place that have something to
/// do, in the cycles in which the card's would be.
class Prober {
 public:
  Prober(unsigned capacity, const CardClock& clock, ProberTarget& target);

  void reset(std::uint64_t cycle);
  void set_running(bool running, std::uint64_t cycle);
  /// The clock runs at another speed from `cycle` on.
  void reschedule(std::uint64_t cycle);

  void write(std::uint32_t sa, const ProbeConfig& config, std::uint64_t cycle);
  void burst(std::uint32_t sa, std::uint32_t count, std::uint64_t cycle);
  [[nodiscard]] ProbeReport read(std::uint32_t sa, std::uint64_t cycle) const;
  Match reply(std::uint32_t sa, std::uint32_t number, std::uint64_t age, std::uint64_t cycle);
  void note_data(std::uint32_t sa, std::uint64_t cycle);

  /// Next cycle in which there may be something to do.
  [[nodiscard]] std::optional<std::uint64_t> next() const;
  /// Does what is due up to `cycle`.
  void advance(std::uint64_t cycle);

 private:
  static constexpr std::uint64_t kNever = UINT64_MAX;
  /// Cycle and SA.
  using Visit = std::pair<std::uint64_t, std::uint32_t>;

  void visit(std::uint32_t sa, std::uint64_t cycle);
  /// Sees to it that the entry is visited when it has to be, after `cycle`.
  void schedule(std::uint32_t sa, std::uint64_t cycle);
  /// First cycle from `from` on in which the sweep comes to that entry.
  [[nodiscard]] std::uint64_t sweep_at(std::uint32_t sa, std::uint64_t from) const;
  std::uint32_t random();

  struct Slot {
    ProbeEntry entry;
    std::uint64_t visit_at = kNever;
  };

  ProbeClock clock_;
  ProberTarget& target_;
  std::vector<Slot> slots_;
  std::priority_queue<Visit, std::vector<Visit>, std::greater<>> visits_;  // those that are no slot's visit_at are void
  std::uint64_t sweep_begin_ = 0;
  std::uint64_t random_state_ = 0;
};

}  // namespace sapulse::model
