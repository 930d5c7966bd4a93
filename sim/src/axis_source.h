// SPDX-License-Identifier: Apache-2.0
// The receive side of a MAC: offers queued frames to the card.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "pins.h"
#include "sapulse/model/random.h"

namespace sapulse::sim {

/// Cycles that 100 Gb/s Ethernet takes for a frame of `bytes` without FCS, at `clock_mhz`.
double line_rate_cycles(std::size_t bytes, double clock_mhz);

class AxisSource {
 public:
  AxisSource(const Pacing& pacing, double clock_mhz, unsigned stall_percent, std::uint64_t seed);

  void push(Frame frame, bool bad);
  [[nodiscard]] std::size_t pending() const { return queue_.size(); }

  /// What is offered in this cycle.
  void drive(std::uint64_t cycle, bool& valid, AxisBeat& beat);
  /// `transferred`: the beat offered was taken in this cycle.
  void observe(std::uint64_t cycle, bool transferred);
  /// The frame under way starts again, as after a reset of the card.
  void reset();

  [[nodiscard]] std::vector<InputTime> take_times();
  [[nodiscard]] const PortCount& count() const { return count_; }

 private:
  struct Queued {
    Frame frame;
    bool bad;
  };

  [[nodiscard]] bool may_offer(std::uint64_t cycle);
  void finish_frame(std::uint64_t cycle);

  Pacing pacing_;
  double clock_mhz_;
  unsigned stall_percent_;
  model::Random random_;
  std::deque<Queued> queue_;
  std::size_t position_ = 0;      // bytes of the first queued frame that have been transferred
  bool offered_ = false;          // a beat stands and must stay
  std::uint64_t not_before_ = 0;  // gap: first cycle in which the next frame may start
  double schedule_ = 0;           // line rate: when Ethernet delivers the next frame, cycles
  InputTime time_;                // of the frame under way
  std::vector<InputTime> times_;
  PortCount count_;
};

}  // namespace sapulse::sim
