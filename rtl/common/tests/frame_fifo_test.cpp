// SPDX-License-Identifier: Apache-2.0
#include <Vframe_fifo_bench.h>
#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr std::size_t kDepth = 16;     // as given in CMakeLists.txt
constexpr std::size_t kRegisters = 2;  // beats that wait behind the memory, and take none of its room

struct Settings {
  bool writer_waits;  // for in_ready
  unsigned write_chance, read_chance, drop_chance;
  std::size_t longest;
};

struct Totals {
  int kept = 0, dropped = 0, overflowed = 0;
};

/// Random frames; what comes out must be the frames that were kept, whole, in order, without gaps.
class FrameFifoRun {
 public:
  explicit FrameFifoRun(const Settings& settings) : settings_(settings) { begin_frame(); }

  Totals run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
    return totals_;
  }

 private:
  void begin_frame() {
    frame_.assign(1 + random_.below(settings_.longest), 0);
    for (auto& beat : frame_) beat = static_cast<std::uint32_t>(random_.word());
    next_ = written_ = 0;
    lost_ = false;
  }

  void step() {
    fifo_->in_valid = random_.chance(settings_.write_chance);
    fifo_->in_data = frame_[next_];
    fifo_->in_last = next_ + 1 == frame_.size();
    fifo_->in_drop = random_.chance(settings_.drop_chance);
    fifo_->out_ready = random_.chance(settings_.read_chance);
    fifo_.settle();
    if (settings_.writer_waits && !fifo_->in_ready) {
      fifo_->in_valid = 0;
      fifo_.settle();
    }
    check_room();
    check_output();
    write();
    fifo_.tick();
  }

  void check_room() {
    const std::size_t held = expected_.size() + written_;
    if (held < kDepth) ASSERT_TRUE(fifo_->in_ready);
    ASSERT_EQ(fifo_->in_overflow, lost_ || !fifo_->in_ready);
    if (held < kDepth / 2) ASSERT_FALSE(fifo_->in_half);
    if (held >= kDepth / 2 + kRegisters) ASSERT_TRUE(fifo_->in_half);
  }

  void check_output() {
    if (inside_frame_) ASSERT_TRUE(fifo_->out_valid) << "gap in a frame";
    if (!fifo_->out_valid) return;
    ASSERT_FALSE(expected_.empty()) << "beat of a frame that was not kept";
    ASSERT_EQ(fifo_->out_data, expected_.front().data);
    ASSERT_EQ(fifo_->out_last, expected_.front().last);
    if (!fifo_->out_ready) return;
    inside_frame_ = !fifo_->out_last;
    expected_.pop_front();
  }

  void write() {
    if (!fifo_->in_valid) return;
    lost_ = lost_ || !fifo_->in_ready;
    written_ += !lost_;
    if (++next_ < frame_.size()) return;
    if (lost_) {
      ++totals_.overflowed;
    } else if (fifo_->in_drop) {
      ++totals_.dropped;
    } else {
      ++totals_.kept;
      for (std::size_t i = 0; i < frame_.size(); ++i) expected_.push_back({frame_[i], i + 1 == frame_.size()});
    }
    begin_frame();
  }

  struct Beat {
    std::uint32_t data;
    bool last;
  };
  Settings settings_;
  RandomSource random_;
  Clocked<Vframe_fifo_bench> fifo_;
  std::vector<std::uint32_t> frame_;
  std::size_t next_ = 0, written_ = 0;  // beats of the frame: offered, in the FIFO
  bool lost_ = false, inside_frame_ = false;
  std::deque<Beat> expected_;
  Totals totals_;
};

TEST(FrameFifo, KeepsAndDropsWholeFrames) {
  const Totals totals = FrameFifoRun({true, 70, 70, 30, 6}).run(20000);
  EXPECT_GT(totals.kept, 1000);
  EXPECT_GT(totals.dropped, 300);
  EXPECT_EQ(totals.overflowed, 0);
}

TEST(FrameFifo, LosesWholeFramesToAWriterThatDoesNotWait) {
  const Totals totals = FrameFifoRun({false, 80, 40, 10, 12}).run(20000);
  EXPECT_GT(totals.kept, 300);
  EXPECT_GT(totals.overflowed, 300);
}

TEST(FrameFifo, TakesFramesOfItsOwnDepth) {
  const Totals totals = FrameFifoRun({true, 100, 60, 20, kDepth}).run(20000);
  EXPECT_GT(totals.kept, 300);
}

TEST(FrameFifo, SurvivesFramesLongerThanItself) {
  const Totals totals = FrameFifoRun({false, 100, 100, 0, 3 * kDepth}).run(20000);
  EXPECT_GT(totals.kept, 100);
  EXPECT_GT(totals.overflowed, 100);
}

}  // namespace
}  // namespace sapulse::test
