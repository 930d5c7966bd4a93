// SPDX-License-Identifier: Apache-2.0
// The receive side of a port: when frames enter the card.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sapulse/sim/card.h"

namespace sapulse::sim::fast {

/// Frames that wait to enter the card, one after the other.
class Receiver {
 public:
  Receiver(const Pacing& pacing, double clock_mhz, unsigned stall_percent);

  void push(Frame frame, bool bad, std::uint64_t cycle);
  [[nodiscard]] std::size_t pending() const { return queue_.size(); }
  /// Cycle of the last beat of the first frame.
  [[nodiscard]] std::optional<std::uint64_t> next() const;
  model::Arrival pop();
  /// No frame begins before `cycle`, as after a reset.
  void hold_until(std::uint64_t cycle);
  [[nodiscard]] std::vector<InputTime> take_times();
  [[nodiscard]] const PortCount& count() const { return count_; }

 private:
  struct Queued {
    Frame frame;
    bool bad;
    std::uint64_t since;
  };
  [[nodiscard]] InputTime front_time() const;

  Pacing pacing_;
  double clock_mhz_;
  unsigned stall_percent_;
  std::deque<Queued> queue_;
  std::uint64_t not_before_ = 0;
  double schedule_ = 0;  // line rate: when Ethernet delivers the next frame
  std::vector<InputTime> times_;
  PortCount count_;
};

}  // namespace sapulse::sim::fast
