// SPDX-License-Identifier: Apache-2.0
// What the monitor knows about one SA.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "host_probe.h"
#include "sapulse/event.h"
#include "sapulse/liveness.h"
#include "sapulse/sa.h"

namespace sapulse {

/// A crash token learnt from a peer, and what it can still prove.
class LearntToken {
 public:
  enum class Verdict : std::uint8_t { wrong, spent, proof };

  void learn(const Token& token, std::uint64_t now);
  void forget() { *this = {}; }
  [[nodiscard]] bool known() const { return known_; }
  /// When it was learnt last, ns.
  [[nodiscard]] std::uint64_t time() const { return time_; }
  /// Judges a token that came in clear, in constant time; a proof spends it.
  Verdict judge(std::span<const std::uint8_t> token);

 private:
  Token token_{};
  std::uint64_t time_ = 0;
  bool known_ = false;
  bool spent_ = false;  ///< it has been seen in clear
};

/// One watched SA. Times are ns of the card's clock.
struct Watch {
  std::uint32_t number = 0;  ///< SA number
  std::uint32_t spi_in = 0;
  std::uint32_t spi_out = 0;
  IpAddress peer;
  std::uint32_t generation = 0;  ///< pings of an earlier one are not its own
  LivenessSettings settings;
  Liveness state = Liveness::init;
  LivenessReason reason = LivenessReason::started;
  std::uint64_t since = 0;
  LivenessEvidence evidence;
  bool to_start = true;           ///< the prober has to be set up
  std::uint64_t start_at = 0;     ///< not before
  std::string fault;              ///< why it could not be
  std::uint64_t begun = 0;        ///< when the prober was set up: events from before are about an earlier state
  std::uint64_t due = 0;          ///< in the schedule
  std::optional<HostProbe> host;  ///< probed by the host
  std::optional<std::uint32_t> data_sequence;  ///< of the customer, seen last; probed by the host only
  LearntToken token;
  bool token_queued = false;  ///< a ping that asks for the token is under way, or waits for its turn
  std::uint64_t token_due = 0;
  std::uint64_t floor = 0;       ///< highest control sequence number of the peer that is known to be used
  std::uint64_t next_burst = 0;  ///< earliest time
  std::uint64_t changes = 0;
  std::uint64_t hints = 0;

  /// A reply would be news: the peer is believed to be alive, or nothing is known yet.
  [[nodiscard]] bool hopeful() const {
    return state == Liveness::init || state == Liveness::up || state == Liveness::suspect;
  }
};

}  // namespace sapulse
