// SPDX-License-Identifier: Apache-2.0
#include "frame_tracker.h"

#include <fmt/format.h>

#include <utility>

namespace sapulse::sim {

void FrameTracker::observe(std::uint64_t cycle, const FrameEvents& events) {
  observe_line_path(cycle, events);
  observe_control_path(cycle, events);
  observe_answers(cycle, events);
}

void FrameTracker::observe_line_path(std::uint64_t cycle, const FrameEvents& events) {
  if (events.received) {
    passages_[received_] = {.trace = {.number = received_}};
    mark(received_, Stage::received, cycle);
    deciding_.frames.push_back(received_);
    steering_.frames.push_back(received_);
  }
  if (events.arrived) ++received_;
  if (events.decided) mark(deciding_, Stage::decided, cycle);
  if (events.steered) {
    if (const auto frame = next(steering_)) {
      parting_.frames.push_back(*frame);
      if (events.steered_passes) {
        passing_.frames.push_back(*frame);
        ++passages_[*frame].ways;
      }
    }
  }
  if (events.parted) {
    const auto frame = next(parting_);
    if (!events.parted_taken) {
      end(frame);
    } else if (frame) {
      routing_.frames.push_back(*frame);
      dispatching_.frames.push_back(*frame);
    }
  }
  if (events.passed_sent) end(mark(passing_, Stage::sent, cycle));
}

void FrameTracker::observe_control_path(std::uint64_t cycle, const FrameEvents& events) {
  if (events.routed_exception || events.routed_ping || events.routed_echo) {
    const auto frame = next(routing_);
    to_host_.push_back(events.routed_exception);
    if (frame && events.routed_ping) opening_.frames.push_back(*frame);
    if (frame && events.routed_echo) echoing_.frames.push_back(*frame);
  }
  if (events.dispatched) {
    const auto frame = mark(dispatching_, Stage::dispatched, cycle);
    const bool to_host = !to_host_.empty() && to_host_.front();
    if (!to_host_.empty()) to_host_.pop_front();
    if (to_host) end(frame);
  }
  if (events.opened) {
    if (const auto frame = mark(opening_, Stage::opened, cycle)) judging_.frames.push_back(*frame);
  }
  if (events.judged) {
    const auto frame = next(judging_);
    if (!events.judged_answered) {
      end(frame);
    } else if (frame) {
      answering_.frames.push_back(*frame);
    }
  }
}

void FrameTracker::observe_answers(std::uint64_t cycle, const FrameEvents& events) {
  if (events.sealing) {
    if (const auto frame = mark(answering_, Stage::sealing, cycle)) sealed_.frames.push_back(*frame);
  }
  if (events.chosen) choose(events);
  if (events.assembling) {
    const auto frame = next(assembling_);
    if (frame) mark(*frame, Stage::assembling, cycle);
    leaving_.push_back(frame);
  }
  if (events.answer_sent) {
    const auto frame = next(leaving_);
    if (frame) mark(*frame, Stage::sent, cycle);
    end(frame);
  }
}

void FrameTracker::choose(const FrameEvents& events) {
  if (events.chosen_echo) {
    assembling_.push_back(next(echoing_));
  } else if (events.chosen_from_line) {
    assembling_.push_back(next(sealed_));
  } else {
    assembling_.emplace_back();
  }
}

std::optional<FrameTracker::Number> FrameTracker::next(Waiting& waiting) {
  if (waiting.frames.empty()) {
    report_(fmt::format("{} without a frame that waits for it", waiting.event));
    return std::nullopt;
  }
  const Number frame = waiting.frames.front();
  waiting.frames.pop_front();
  return frame;
}

std::optional<FrameTracker::Number> FrameTracker::next(Messages& messages) {
  if (messages.empty()) {
    report_("a message leaves that nobody has begun");
    return std::nullopt;
  }
  const auto message = messages.front();
  messages.pop_front();
  return message;
}

std::optional<FrameTracker::Number> FrameTracker::mark(Waiting& waiting, Stage stage, std::uint64_t cycle) {
  const auto frame = next(waiting);
  if (frame) mark(*frame, stage, cycle);
  return frame;
}

void FrameTracker::end(std::optional<Number> frame) {
  if (!frame) return;
  const auto passage = passages_.find(*frame);
  if (--passage->second.ways != 0) return;
  ended_.push_back(passage->second.trace);
  passages_.erase(passage);
}

void FrameTracker::reset() {
  passages_.clear();
  for (Waiting* waiting : {&deciding_, &steering_, &parting_, &passing_, &routing_, &dispatching_, &opening_, &judging_,
                           &answering_, &sealed_, &echoing_}) {
    waiting->frames.clear();
  }
  to_host_.clear();
  assembling_.clear();
  leaving_.clear();
}

std::vector<FrameTrace> FrameTracker::take_traces() { return std::exchange(ended_, {}); }

}  // namespace sapulse::sim
