// SPDX-License-Identifier: Apache-2.0
// What the prober knows about one SA, and what one operation makes of it (rtl/prober/probe_step.sv).
#pragma once

#include <cstdint>
#include <optional>

#include "reply.h"
#include "sapulse/registers.h"

namespace sapulse::model {

/// Body of PROBE_WRITE. Times in ticks.
struct ProbeConfig {
  bool enable = false;
  bool data_alive = false;  ///< customer packets are signs of life, too
  std::uint32_t jitter = 0;
  std::uint32_t length = 0;
  std::uint32_t interval = 0;
  std::uint32_t suspect = 0;  ///< 0: never
  std::uint32_t detect = 0;
};

/// What PROBE_READ answers and events tell.
struct ProbeReport {
  regs::ProbeState state;
  std::uint32_t rtt;  ///< ns
  std::uint32_t probes;
  std::uint32_t replies;
  std::uint32_t heard;  ///< age of the last sign of life, ticks
};

class ProbeEntry {
 public:
  /// Of the random numbers that spread probes in time.
  static constexpr unsigned kRandomBits = 11;

  /// Begins afresh, or ends probing.
  void write(const ProbeConfig& config, std::uint64_t tick, std::uint32_t random);
  /// The next probe is due now, and `count` - 1 after it come faster.
  void burst(std::uint32_t count, std::uint64_t tick);
  /// A reply to the probe of that number, which left `age` ns ago.
  Match reply(std::uint32_t number, std::uint64_t age, std::uint64_t tick);
  void note_data(std::uint64_t tick) { data_ = tick; }

  /// The sweep comes by: judges the silence.
  void judge(std::uint64_t tick);
  /// A probe is due, if probes may be sent at all.
  [[nodiscard]] bool due(std::uint64_t tick) const { return config_.enable && tick >= due_; }
  /// Hands a probe out; returns its number.
  std::uint32_t take_probe(std::uint64_t tick, std::uint32_t random);
  /// The due probe has found no room: what is missed is not made up for.
  void postpone(std::uint64_t tick) { due_ = tick; }

  [[nodiscard]] ProbeReport report(std::uint64_t tick) const;
  [[nodiscard]] regs::ProbeState told() const { return told_; }
  [[nodiscard]] bool untold() const { return state_ != told_; }
  void tell() { told_ = state_; }
  [[nodiscard]] std::uint32_t length() const { return config_.length; }

  /// When the next visit has something to do, were nothing else to happen; nothing: never. `probing`: probes may be
  /// sent.
  [[nodiscard]] std::optional<std::uint64_t> wanted_tick(bool probing) const;
  /// A customer packet has come that makes the SA UP at the next visit.
  [[nodiscard]] bool data_redeems() const { return state_ == regs::ProbeState::suspect && data_newer(); }

 private:
  [[nodiscard]] bool data_newer() const;
  [[nodiscard]] std::uint64_t age(std::uint64_t tick) const;

  ProbeConfig config_;
  regs::ProbeState state_ = regs::ProbeState::idle;
  regs::ProbeState told_ = regs::ProbeState::idle;
  std::uint64_t due_ = 0;
  std::uint64_t heard_ = 0;
  std::uint64_t data_ = 0;         // last customer packet
  std::uint32_t number_ = 0;       // of the next probe
  std::uint32_t outstanding_ = 0;  // bit i: probe number_ - 1 - i is unanswered
  std::uint32_t burst_ = 0;        // probes of a burst to come
  std::uint32_t rtt_ = 0;
  std::uint64_t probes_ = 0;   // since write()
  std::uint32_t replies_ = 0;  // since write()
};

}  // namespace sapulse::model
