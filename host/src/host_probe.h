// SPDX-License-Identifier: Apache-2.0
// What the card's prober does, for an SA that the host probes.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <random>

#include "sapulse/event.h"
#include "sapulse/liveness.h"

namespace sapulse {

/// Schedule and state of the probes of one SA. Times are ns of the card's clock. Knows nothing of cards.
///
/// Silence is time in which the peer was asked and did not answer: what a host that is held up does not ask, nobody has
/// left unanswered. So the time by which a probe is late, and that after one that could not be sent, do not count.
class HostProbe {
 public:
  /// `random`: number for the moment of the first probe within one interval.
  HostProbe(const LivenessSettings& settings, std::uint64_t now, std::uint32_t random);

  /// When advance() has something to do next.
  [[nodiscard]] std::uint64_t due() const;
  /// True if a probe has to be sent now; `random` shortens the interval that follows.
  [[nodiscard]] bool advance(std::uint64_t now, std::uint32_t random);
  /// The last probe has not left.
  void unsent();
  /// Sends the next probe at once, and then `count` - 1 faster than usual.
  void burst(std::uint64_t now, unsigned count);

  /// `asked`: when the request left.
  void replied(std::uint64_t asked, std::chrono::nanoseconds rtt);
  /// Customer data: keeps an SA up, but never ends down or init.
  void data_seen(std::uint64_t now);

  [[nodiscard]] ProbeStatus status(std::uint64_t now) const;

 private:
  /// Time in which nobody asked.
  struct Gap {
    std::uint64_t from;
    std::uint64_t to;
  };

  void hear(std::uint64_t time);
  void drop_oldest_gap();
  void leave_out(std::uint64_t from, std::uint64_t to);

  LivenessSettings settings_;
  ProbeState state_ = ProbeState::init;
  std::uint64_t heard_;
  std::deque<Gap> gaps_;       ///< since heard_, oldest first
  std::uint64_t unasked_ = 0;  ///< their sum
  std::uint64_t next_probe_;
  std::uint64_t last_probe_ = 0;
  unsigned burst_ = 0;  ///< probes of a burst that are left
  std::optional<std::chrono::nanoseconds> rtt_;
  std::uint32_t probes_ = 0;
  std::uint32_t replies_ = 0;
};

}  // namespace sapulse
