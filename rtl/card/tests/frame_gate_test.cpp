// SPDX-License-Identifier: Apache-2.0
#include <Vframe_gate_bench.h>
#include <gtest/gtest.h>

#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr bool kAbortWaits = ABORT_WAITS != 0;  // as the bench is built

/// Random frames, restarts and closures; the sink must see only frames that begin with a first beat and end once.
class GateRun {
 public:
  void step(bool restart, bool closed) {
    if (restart) position_ = 0;
    if (!offered_ || restart) offered_ = !restart && random_.chance(70);
    gate_.restart = restart;
    gate_.closed = closed;
    gate_.in_valid = offered_;
    gate_.in_last = position_ + 1 == length_;
    gate_.out_ready = random_.chance(50);
    gate_.eval();
    look();
    if (gate_.in_valid && gate_.in_ready) {
      offered_ = false;
      if (++position_ == length_) begin();
    }
    gate_.clk = 1;
    gate_.eval();
    gate_.clk = 0;
    gate_.eval();
  }
  RandomSource& random() { return random_; }
  int whole() const { return whole_; }
  int aborted() const { return aborted_; }

 private:
  void begin() {
    position_ = 0;
    length_ = 1 + static_cast<int>(random_.below(6));
  }

  void look() {
    if (abort_offered_) ASSERT_TRUE(gate_.out_valid && gate_.out_abort) << "an abort was offered and withdrawn";
    const bool taken = gate_.out_ready || (gate_.out_abort && !kAbortWaits);
    abort_offered_ = gate_.out_abort && !taken;
    if (!gate_.out_valid || !taken) return;
    if (gate_.out_abort) {
      ASSERT_GT(seen_, 0) << "an abort of nothing";
      ASSERT_TRUE(gate_.out_last);
      ++aborted_;
      seen_ = 0;
      return;
    }
    ASSERT_TRUE(gate_.in_ready) << "a beat is passed on but not taken";
    ASSERT_EQ(seen_, position_) << "a piece of a frame";
    seen_ = gate_.out_last ? 0 : seen_ + 1;
    whole_ += gate_.out_last;
  }

  RandomSource random_;
  Vframe_gate_bench gate_;
  int position_ = 0, length_ = 3;  // of the source's frame
  int seen_ = 0;                   // beats of the frame that the sink has
  bool offered_ = false, abort_offered_ = false;
  int whole_ = 0, aborted_ = 0;
};

TEST(FrameGate, LeavesNoPieces) {
  GateRun run;
  for (int i = 0; i < 3; ++i) run.step(true, false);
  for (int round = 0; round < 2000 && !::testing::Test::HasFatalFailure(); ++round) {
    const bool restart = run.random().chance(50);
    const auto cycles = run.random().below(6);
    for (std::uint64_t i = 0; i < cycles; ++i) run.step(restart, !restart);
    const auto open = run.random().below(30);
    for (std::uint64_t i = 0; i < open; ++i) run.step(false, false);
  }
  EXPECT_GT(run.whole(), 1000);
  EXPECT_GT(run.aborted(), 200);
}

}  // namespace
}  // namespace sapulse::test
