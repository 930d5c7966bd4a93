// SPDX-License-Identifier: Apache-2.0
#include "frame_tracker.h"

#include <gmock/gmock.h>

namespace sapulse::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FrameTrackerTest : public testing::Test {
 protected:
  void at(std::uint64_t cycle, const FrameEvents& events) { tracker_.observe(cycle, events); }
  /// A frame of one beat, decided three cycles later.
  void receive(std::uint64_t cycle) {
    at(cycle, {.received = true, .arrived = true});
    at(cycle + 3, {.decided = true});
  }
  void take(std::uint64_t cycle) {
    at(cycle, {.steered = true});
    at(cycle + 1, {.parted = true, .parted_taken = true});
  }
  /// The stages of the next frame that has ended, as a list of cycles; 0: not reached.
  std::vector<std::uint64_t> stages(const FrameTrace& trace) {
    std::vector<std::uint64_t> cycles;
    for (const auto& cycle : trace.cycles) cycles.push_back(cycle.value_or(0));
    return cycles;
  }

  std::vector<std::string> complaints_;
  FrameTracker tracker_{[this](std::string message) { complaints_.push_back(std::move(message)); }};
};

TEST_F(FrameTrackerTest, PassedFrame) {
  receive(1);
  at(10, {.steered = true, .steered_passes = true});
  at(11, {.passed_sent = true});
  EXPECT_THAT(tracker_.take_traces(), IsEmpty()) << "its last beat is still inside";
  at(12, {.parted = true});
  const auto traces = tracker_.take_traces();
  ASSERT_EQ(traces.size(), 1U);
  EXPECT_THAT(stages(traces[0]), ElementsAre(1, 4, 0, 0, 0, 0, 11));
  EXPECT_THAT(complaints_, IsEmpty());
}

TEST_F(FrameTrackerTest, DroppedFrame) {
  receive(1);
  at(10, {.steered = true});
  at(11, {.parted = true});
  const auto traces = tracker_.take_traces();
  ASSERT_EQ(traces.size(), 1U);
  EXPECT_THAT(stages(traces[0]), ElementsAre(1, 4, 0, 0, 0, 0, 0));
}

TEST_F(FrameTrackerTest, PassedAndCopiedToTheHost) {
  receive(1);
  at(10, {.steered = true, .steered_passes = true});
  at(11, {.parted = true, .parted_taken = true, .passed_sent = true});
  EXPECT_THAT(tracker_.take_traces(), IsEmpty());
  at(12, {.routed_exception = true});
  at(14, {.dispatched = true});
  const auto traces = tracker_.take_traces();
  ASSERT_EQ(traces.size(), 1U);
  EXPECT_THAT(stages(traces[0]), ElementsAre(1, 4, 14, 0, 0, 0, 11));
}

/// A ping, a clear echo that overtakes it in reply_mux, a refused ping, and a message of the card's own among the
/// answers.
TEST_F(FrameTrackerTest, AnswersInAnotherOrder) {
  receive(1);
  receive(6);
  receive(11);
  for (const std::uint64_t cycle : {20U, 22U, 24U}) take(cycle);
  at(30, {.routed_ping = true});
  at(31, {.routed_echo = true, .dispatched = true});
  at(32, {.routed_ping = true, .dispatched = true});
  at(33, {.dispatched = true});
  at(40, {.opened = true});
  at(41, {.opened = true});
  at(42, {.judged = true, .judged_answered = true});
  at(43, {.judged = true});
  at(45, {.sealing = true});
  at(46, {.chosen = true, .chosen_echo = true, .chosen_from_line = true});
  at(47, {.chosen = true});
  at(48, {.chosen = true, .chosen_from_line = true});
  at(50, {.assembling = true});
  at(51, {.assembling = true});
  at(52, {.assembling = true});
  at(60, {.answer_sent = true});
  at(61, {.answer_sent = true});
  at(62, {.answer_sent = true});
  auto traces = tracker_.take_traces();
  ASSERT_EQ(traces.size(), 3U);
  EXPECT_EQ(traces[0].number, 2U);
  EXPECT_THAT(stages(traces[0]), ElementsAre(11, 14, 33, 41, 0, 0, 0));
  EXPECT_EQ(traces[1].number, 1U);
  EXPECT_THAT(stages(traces[1]), ElementsAre(6, 9, 32, 0, 0, 50, 60));
  EXPECT_EQ(traces[2].number, 0U);
  EXPECT_THAT(stages(traces[2]), ElementsAre(1, 4, 31, 40, 45, 52, 62));
  EXPECT_THAT(complaints_, IsEmpty());
}

TEST_F(FrameTrackerTest, AnEventOfNoFrameIsSaid) {
  at(5, {.opened = true});
  EXPECT_THAT(complaints_, ElementsAre(testing::HasSubstr("verdict of open")));
  at(6, {.answer_sent = true});
  EXPECT_EQ(complaints_.size(), 2U);
}

TEST_F(FrameTrackerTest, ResetLosesWhatIsInside) {
  at(1, {.received = true, .arrived = true});
  at(2, {.received = true});
  tracker_.reset();
  receive(20);
  at(30, {.steered = true});
  at(31, {.parted = true});
  const auto traces = tracker_.take_traces();
  ASSERT_EQ(traces.size(), 1U);
  EXPECT_EQ(traces[0].number, 1U) << "the second frame had not come in entirely, so it came again";
  EXPECT_THAT(complaints_, IsEmpty());
}

}  // namespace
}  // namespace sapulse::sim
