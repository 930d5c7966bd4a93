// SPDX-License-Identifier: Apache-2.0
// Follows frames of the line side through the card, event by event.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "frame_events.h"
#include "sapulse/sim/card.h"

namespace sapulse::sim {

/// Frames have no name inside the card, but an order: each block gives them on as it got them. So an event is about the
/// frame that has waited for it longest.
class FrameTracker {
 public:
  /// Told about events that no frame has been waiting for: the card has invented one, or lost one.
  using Report = std::function<void(std::string message)>;
  explicit FrameTracker(Report report) : report_(std::move(report)) {}

  void observe(std::uint64_t cycle, const FrameEvents& events);
  /// Frames inside the card are lost; the numbers go on.
  void reset();
  /// Takes the frames that have ended since the last call, in the order of their ends.
  [[nodiscard]] std::vector<FrameTrace> take_traces();

 private:
  using Number = std::uint64_t;  // of a frame: FrameTrace::number
  struct Waiting {
    const char* event;
    std::deque<Number> frames;
  };
  using Messages = std::deque<std::optional<Number>>;  // in a row; nothing: one of the card's own
  struct Passage {
    FrameTrace trace;
    unsigned ways = 1;  // a frame can be passed and given to the control path
  };

  void observe_line_path(std::uint64_t cycle, const FrameEvents& events);
  void observe_control_path(std::uint64_t cycle, const FrameEvents& events);
  void observe_answers(std::uint64_t cycle, const FrameEvents& events);
  std::optional<Number> next(Waiting& waiting);
  std::optional<Number> next(Messages& messages);
  /// The next frame has reached a stage.
  std::optional<Number> mark(Waiting& waiting, Stage stage, std::uint64_t cycle);
  void mark(Number frame, Stage stage, std::uint64_t cycle) { passages_[frame].trace[stage] = cycle; }
  /// One of the ways of a frame has ended.
  void end(std::optional<Number> frame);
  void choose(const FrameEvents& events);

  Report report_;
  Number received_ = 0;
  std::unordered_map<Number, Passage> passages_;
  Waiting deciding_{"decision", {}};
  Waiting steering_{"frame out of rx_buffer", {}};
  Waiting parting_{"what becomes of a frame in steer", {}};
  Waiting passing_{"frame on core TX", {}};
  Waiting routing_{"job of dispatch", {}};
  Waiting dispatching_{"frame out of control_fifo", {}};
  std::deque<bool> to_host_;  // for each frame of dispatching_ that has a route: it ends there
  Waiting opening_{"verdict of open", {}};
  Waiting judging_{"decision of open_gate", {}};
  Waiting answering_{"packet into respond", {}};
  Waiting sealed_{"sealed answer", {}};
  Waiting echoing_{"answer to a clear echo", {}};
  Messages assembling_;  // chosen by reply_mux
  Messages leaving_;     // out of assemble
  std::vector<FrameTrace> ended_;
};

}  // namespace sapulse::sim
