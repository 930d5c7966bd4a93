// SPDX-License-Identifier: Apache-2.0
// The transmit side of a MAC: takes frames from the card.
#pragma once

#include <cstdint>
#include <vector>

#include "pins.h"
#include "sapulse/model/random.h"

namespace sapulse::sim {

class AxisSink {
 public:
  AxisSink(unsigned stall_percent, std::uint64_t seed) : stall_percent_(stall_percent), random_(seed) {}

  [[nodiscard]] bool drive() { return !random_.chance(stall_percent_) && !held_; }
  /// Held, it takes nothing.
  void hold(bool held) { held_ = held; }
  /// One cycle, with the ready that drive() gave. Returns whether a beat was transferred.
  bool observe(std::uint64_t cycle, bool valid, bool ready, const AxisBeat& beat);
  /// Forgets the frame under way.
  void reset() { open_ = false; }

  [[nodiscard]] bool frame_open() const { return open_; }
  [[nodiscard]] std::vector<OutputFrame> take_frames();
  [[nodiscard]] const PortCount& count() const { return count_; }

 private:
  unsigned stall_percent_;
  model::Random random_;
  bool held_ = false;
  bool open_ = false;
  OutputFrame current_;
  std::vector<OutputFrame> frames_;
  PortCount count_;
};

}  // namespace sapulse::sim
