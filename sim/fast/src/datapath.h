// SPDX-License-Identifier: Apache-2.0
// From port to port: what rtl/datapath does, frame by frame, with the kernels.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "card_clock.h"
#include "exception.h"
#include "frame_queues.h"
#include "host_rings.h"
#include "kernel_chain.h"
#include "policy.h"
#include "rate_limits.h"
#include "sa_tables.h"
#include "sapulse/sim/frame_trace.h"

namespace sapulse::sim::fast {

using Counters = std::array<std::uint64_t, regs::kCounterCount>;

/// What the data path shares with the rest of the card.
struct Shell {
  RegisterFile& registers;
  SaTables& tables;
  RateLimits& limits;
  HostRings& rings;
  CardClock& clock;
  Counters& counters;
};

/// Its frames have their effects on tables and counters when their last beat has come in, in that order; only what
/// leaves, leaves later. Nothing ever overflows: the control path takes any number of frames.
class Datapath {
 public:
  Datapath(const Shell& shell, unsigned sink_stall_percent, bool traced);

  void line_frame(const Receiver::Arrival& arrival, bool enabled);
  void core_frame(Receiver::Arrival arrival);
  void host_frame(Frame frame, std::uint64_t cycle);
  /// Lets frames leave up to `cycle`.
  void advance(std::uint64_t cycle);
  void reset(std::uint64_t cycle);

  [[nodiscard]] Transmitter& output(Port port) { return outputs_[static_cast<std::size_t>(port)]; }
  [[nodiscard]] const Transmitter& output(Port port) const { return outputs_[static_cast<std::size_t>(port)]; }

  /// Fences (rtl/sa/epoch_fence.sv): answers of the time before have left.
  void begin_fence() { epoch_ = !epoch_; }
  [[nodiscard]] bool fence_done() const { return in_flight_[epoch_ ? 0 : 1] == 0; }
  /// No answer and no passed frame is inside.
  [[nodiscard]] bool idle() const { return answers_ == 0 && outputs_[static_cast<std::size_t>(Port::core)].empty(); }

  [[nodiscard]] std::vector<FrameTrace> take_traces();

 private:
  /// A frame of the line side on its way.
  struct Passage {
    const Receiver::Arrival& arrival;
    const record_t& record;
    const Decision& decision;
    FrameTrace trace;
  };

  void count(regs::Counter counter) { ++shell_.counters[static_cast<std::size_t>(counter)]; }
  /// Takes a token where the decision needs one; without one, it becomes a drop.
  bool over_limit(Decision& decision, std::uint64_t cycle);
  void pass(Passage& passage);
  /// A frame that is taken, or dropped.
  void end_taken(Passage& passage, bool bad_length);
  void take(Passage& passage);
  void ping(Passage& passage);
  void judge_opened(Passage& passage, const Opened& opened);
  /// An opened packet ends as a drop; the host may want to know.
  void refuse(Passage& passage, regs::Counter counter);
  void answer_ping(Passage& passage, const Payload& plain);
  void echo(Passage& passage);
  void deliver_plain(Passage& passage, const Payload& plain);
  void deliver(Passage& passage, const ExceptionBytes& exception);
  void send_answer(Passage& passage, Frame frame, regs::Counter counter, bool entered);
  [[nodiscard]] header_job header_of(const Passage& passage) const;
  [[nodiscard]] std::uint64_t received_time(const Passage& passage) const;
  void finish(const FrameTrace& trace);

  Shell shell_;
  Policy policy_;
  KernelChain kernels_;
  std::array<Transmitter, port_count> outputs_;
  std::uint64_t align_free_ = 0;  // first cycle in which align can begin another frame
  std::uint64_t seal_free_ = 0;   // respond and seal
  std::uint64_t assemble_free_ = 0;
  bool epoch_ = false;
  std::array<std::uint64_t, 2> in_flight_{};  // answers, by the epoch of their lookup
  std::uint64_t answers_ = 0;                 // those to clear echoes, too
  bool traced_;
  std::uint64_t frames_ = 0;
  std::vector<FrameTrace> traces_;
};

}  // namespace sapulse::sim::fast
