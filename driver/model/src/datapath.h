// SPDX-License-Identifier: Apache-2.0
// From port to port: what rtl/datapath does, frame by frame, with the kernels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "answer_path.h"
#include "control_share.h"
#include "exception.h"
#include "kernel_chain.h"
#include "policy.h"
#include "requester.h"
#include "sapulse/model/frame_trace.h"
#include "shell.h"
#include "transmitter.h"

namespace sapulse::model {

/// Its frames have their effects on tables and counters when their last beat has come in, in that order; only what
/// leaves, leaves later. Nothing ever overflows: the control path takes any number of frames.
class Datapath {
 public:
  Datapath(const Shell& shell, Transmitters& outputs, AnswerPath& answers, Requester& requester, bool traced);

  void line_frame(Arrival arrival, bool enabled);
  void core_frame(Arrival arrival);
  void host_frame(Frame frame, std::uint64_t cycle);
  void reset(std::uint64_t cycle) { align_free_ = cycle; }

  [[nodiscard]] std::vector<FrameTrace> take_traces();

 private:
  /// A frame of the line side on its way.
  struct Passage {
    Arrival& arrival;
    const record_t& record;
    const Decision& decision;
    FrameTrace trace;
  };

  Transmitter& output(Port port) { return outputs_[static_cast<std::size_t>(port)]; }
  /// Takes the tokens that the decision needs; without one, it becomes a drop.
  bool over_limit(Decision& decision, const record_t& record, std::uint64_t cycle);
  bool take_tokens(const Decision& decision, const record_t& record, std::uint64_t uptime);
  /// Cycles of the pauses with which a frame came in; it leaves with them.
  [[nodiscard]] std::uint64_t stretch(const Arrival& arrival) const;
  /// The last that becomes of a passage.
  void pass(Passage& passage);
  [[nodiscard]] Holder holder_of(const Passage& passage) const;
  /// The control path is crowded, and others go first.
  [[nodiscard]] bool finds_no_room(const Passage& passage) const;
  /// A frame that is taken, or dropped.
  void end_taken(Passage& passage, bool bad_length);
  void take(Passage& passage);
  void ping(Passage& passage);
  void judge_opened(Passage& passage, const Opened& opened);
  /// An opened packet ends as a drop; the host may want to know.
  void refuse(Passage& passage, regs::Counter counter);
  /// A verified, fresh request, or the reply to a request of the card's own.
  void accept(Passage& passage, const Payload& plain);
  /// An exception about a packet that goes elsewhere, or nowhere.
  void copy(const Passage& passage, regs::Cause cause, std::span<const std::byte> snapshot);
  /// True: a token for a copy. Without one, it is lost.
  bool take_copy_token(const Passage& passage, regs::Cause cause);
  /// The reply to a request of the card's own; true: the request was outstanding.
  bool match(Passage& passage, const Payload& plain);
  void answer_ping(Passage& passage, const Payload& plain);
  void echo(Passage& passage);
  void deliver_plain(Passage& passage, const Payload& plain);
  void deliver(Passage& passage, const ExceptionBytes& exception);
  /// The last that becomes of a passage: the answer takes the memory of its frame.
  void send_answer(Passage& passage, const Answer& answer);
  [[nodiscard]] header_job header_of(const Passage& passage) const;
  [[nodiscard]] std::uint64_t received_time(const Passage& passage) const;
  void finish(const FrameTrace& trace);

  Shell shell_;
  Policy policy_;
  KernelChain kernels_;
  Transmitters& outputs_;
  AnswerPath& answers_;
  Requester& requester_;
  std::uint64_t align_free_ = 0;  // first cycle in which align can begin another frame
  bool traced_;
  std::uint64_t frames_ = 0;
  std::vector<FrameTrace> traces_;
};

}  // namespace sapulse::model
